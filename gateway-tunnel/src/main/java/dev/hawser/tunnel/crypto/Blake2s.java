// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import org.bouncycastle.crypto.digests.Blake2sDigest;
import org.bouncycastle.crypto.macs.HMac;
import org.bouncycastle.crypto.params.KeyParameter;

/** BLAKE2s (RFC 7693) in the three forms WireGuard uses: hash, keyed MAC, and HMAC. Pure functions. */
public final class Blake2s {
    /** Length of a hash and of an HMAC in bytes. */
    public static final int HASH_LENGTH = 32;

    /** Length of a MAC in bytes. */
    public static final int MAC_LENGTH = 16;

    private static final int HASH_BITS = 8 * HASH_LENGTH;

    private Blake2s() {}

    /** BLAKE2s-256 over the concatenation of the parts. */
    public static byte[] hash(byte[]... parts) {
        Blake2sDigest digest = new Blake2sDigest(HASH_BITS);
        return finish(digest, HASH_LENGTH, parts);
    }

    /**
     * BLAKE2s keyed natively with 16 bytes of output, over the concatenation of the parts.
     *
     * @param key at most 32 bytes
     */
    public static byte[] mac(byte[] key, byte[]... parts) {
        Blake2sDigest digest = new Blake2sDigest(key, MAC_LENGTH, null, null);
        return finish(digest, MAC_LENGTH, parts);
    }

    /** HMAC (RFC 2104) over BLAKE2s-256, of the concatenation of the parts. Not the same as the keyed form. */
    public static byte[] hmac(byte[] key, byte[]... parts) {
        HMac hmac = new HMac(new Blake2sDigest(HASH_BITS));
        hmac.init(new KeyParameter(key));
        for (byte[] part : parts) {
            hmac.update(part, 0, part.length);
        }
        byte[] out = new byte[HASH_LENGTH];
        hmac.doFinal(out, 0);
        return out;
    }

    private static byte[] finish(Blake2sDigest digest, int length, byte[]... parts) {
        for (byte[] part : parts) {
            digest.update(part, 0, part.length);
        }
        byte[] out = new byte[length];
        digest.doFinal(out, 0);
        return out;
    }
}
