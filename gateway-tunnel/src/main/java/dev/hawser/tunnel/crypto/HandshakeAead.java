// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import java.util.Arrays;
import java.util.Optional;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.AEADCipher;
import org.bouncycastle.crypto.modes.ChaCha20Poly1305;
import org.bouncycastle.crypto.modes.XChaCha20Poly1305;
import org.bouncycastle.crypto.params.AEADParameters;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * The two AEADs of handshake and cookie messages, over byte arrays and with associated data. Pure functions.
 *
 * <p>Bouncy Castle needs eight times what a native library does per packet (11.5 µs against 1.4 µs for 1420 bytes), so the packet
 * path has {@link AeadProvider}.
 */
public enum HandshakeAead {
    /** RFC 8439, nonces of 12 bytes. */
    CHACHA20_POLY1305(12) {
        @Override
        AEADCipher cipher() {
            return new ChaCha20Poly1305();
        }
    },
    /** draft-irtf-cfrg-xchacha, nonces of 24 bytes, which may be random. */
    XCHACHA20_POLY1305(24) {
        @Override
        AEADCipher cipher() {
            return new XChaCha20Poly1305();
        }
    };

    private static final int TAG_BITS = 8 * AeadProvider.TAG_LENGTH;

    private final int nonceLength;

    HandshakeAead(int nonceLength) {
        this.nonceLength = nonceLength;
    }

    abstract AEADCipher cipher();

    /** Length of this AEAD's nonce in bytes. */
    public int nonceLength() {
        return nonceLength;
    }

    /** Seals a plaintext; the result is 16 bytes longer. */
    public byte[] seal(byte[] key, byte[] nonce, byte[] plaintext, byte[] associatedData) {
        try {
            return process(true, key, nonce, plaintext, associatedData);
        } catch (InvalidCipherTextException e) {
            throw new IllegalStateException("sealing cannot find a wrong tag", e);
        }
    }

    /** Opens a sealed text; empty if it is not authentic. */
    public Optional<byte[]> open(byte[] key, byte[] nonce, byte[] sealed, byte[] associatedData) {
        try {
            return Optional.of(process(false, key, nonce, sealed, associatedData));
        } catch (InvalidCipherTextException e) {
            return Optional.empty();
        }
    }

    /** The nonce of the handshake's first and only use of a derived key: all zero. */
    public byte[] zeroNonce() {
        return new byte[nonceLength];
    }

    private byte[] process(boolean sealing, byte[] key, byte[] nonce, byte[] input, byte[] associatedData)
            throws InvalidCipherTextException {
        AEADCipher cipher = cipher();
        cipher.init(sealing, new AEADParameters(new KeyParameter(key), TAG_BITS, nonce, associatedData));
        byte[] out = new byte[cipher.getOutputSize(input.length)];
        int written = cipher.processBytes(input, 0, input.length, out, 0);
        written += cipher.doFinal(out, written);
        return written == out.length ? out : Arrays.copyOf(out, written);
    }
}
