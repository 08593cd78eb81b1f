// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.bouncycastle.math.ec.rfc7748.X25519;

/**
 * An X25519 private key (RFC 7748), static or ephemeral.
 *
 * <p>Never shown: {@link #toString} is redacted, and {@link #close} wipes it. Thread-safe except for closing.
 */
public final class PrivateKey implements AutoCloseable {
    private final byte[] scalar;
    private final PublicKey publicKey;

    private PrivateKey(byte[] scalar) {
        this.scalar = clamp(scalar);
        byte[] point = new byte[KeyBytes.LENGTH];
        X25519.scalarMultBase(this.scalar, 0, point, 0);
        this.publicKey = PublicKey.of(point);
    }

    /** A key from its 32 bytes, which are copied and clamped (RFC 7748, section 5). */
    public static PrivateKey of(byte[] bytes) {
        return new PrivateKey(KeyBytes.copyOf(bytes, "private key"));
    }

    /** A key from the text form that {@code wg genkey} prints. */
    public static PrivateKey fromBase64(String text) {
        return new PrivateKey(KeyBytes.ofBase64(text, "private key"));
    }

    /** A fresh key; the source must be cryptographically strong outside of tests. */
    public static PrivateKey generate(RandomGenerator random) {
        byte[] bytes = new byte[KeyBytes.LENGTH];
        random.nextBytes(bytes);
        return new PrivateKey(bytes);
    }

    /** A copy of the 32 bytes; the caller wipes it. */
    public byte[] toBytes() {
        return scalar.clone();
    }

    /** The public half. */
    public PublicKey publicKey() {
        return publicKey;
    }

    /**
     * The secret shared with the holder of the other key, 32 bytes that the caller wipes.
     *
     * @return empty if the result is all zero: the other side sent a point of small order, which contributes no secret
     */
    public Optional<byte[]> agree(PublicKey other) {
        byte[] shared = new byte[KeyBytes.LENGTH];
        boolean contributes = X25519.calculateAgreement(scalar, 0, other.point(), 0, shared, 0);
        return contributes ? Optional.of(shared) : Optional.empty();
    }

    /** The text form, for the Secret that keeps the key; do not log it. */
    public String toBase64() {
        return KeyBytes.toBase64(scalar);
    }

    /** Wipes the key. */
    @Override
    public void close() {
        Arrays.fill(scalar, (byte) 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PrivateKey that && MessageDigest.isEqual(scalar, that.scalar);
    }

    /** By the public half, so that hash tables reveal nothing. */
    @Override
    public int hashCode() {
        return publicKey.hashCode();
    }

    @Override
    public String toString() {
        return "PrivateKey[redacted, public " + publicKey + "]";
    }

    private static byte[] clamp(byte[] scalar) {
        scalar[0] &= (byte) 0xF8;
        scalar[31] &= 0x7F;
        scalar[31] |= 0x40;
        return scalar;
    }
}
