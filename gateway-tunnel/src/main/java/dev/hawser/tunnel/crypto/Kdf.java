// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

/** The Noise key derivation: HKDF (RFC 5869) over HMAC-BLAKE2s with the chaining key as salt and no info. Pure functions. */
public final class Kdf {
    private Kdf() {}

    /**
     * Derives one to three keys of 32 bytes.
     *
     * @param count how many, KDF1 to KDF3
     * @param chainingKey the salt
     * @param input the keying material, possibly empty
     */
    public static byte[][] derive(int count, byte[] chainingKey, byte[] input) {
        if (count < 1 || count > 3) {
            throw new IllegalArgumentException("WireGuard derives one to three keys at a time, not " + count);
        }
        byte[] extracted = Blake2s.hmac(chainingKey, input);
        byte[][] keys = new byte[count][];
        byte[] last = new byte[0];
        for (int i = 0; i < count; i++) {
            last = Blake2s.hmac(extracted, last, new byte[] {(byte) (i + 1)});
            keys[i] = last;
        }
        return keys;
    }
}
