// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * An X25519 private key (RFC 7748), static or ephemeral.
 *
 * <p>Never shown: {@link #toString} is redacted, and {@link #close} wipes it. Thread-safe except for closing.
 */
public final class PrivateKey implements AutoCloseable {
    private final byte[] scalar;
    private final PublicKey publicKey;
    private final Curve25519 curve;

    private PrivateKey(byte[] scalar, Curve25519 curve) {
        this.scalar = clamp(scalar);
        this.curve = curve;
        this.publicKey = PublicKey.of(curve.publicKey(scalar));
    }

    private PrivateKey(PrivateKey same, Curve25519 curve) {
        this.scalar = same.scalar;
        this.curve = curve;
        this.publicKey = same.publicKey;
    }

    /** A key from its 32 bytes, which are copied and clamped (RFC 7748, section 5). */
    public static PrivateKey of(byte[] bytes) {
        return new PrivateKey(KeyBytes.copyOf(bytes, "private key"), Curve25519.BOUNCY_CASTLE);
    }

    /** A key from the text form that {@code wg genkey} prints. */
    public static PrivateKey fromBase64(String text) {
        return new PrivateKey(KeyBytes.ofBase64(text, "private key"), Curve25519.BOUNCY_CASTLE);
    }

    /** A fresh key; the source must be cryptographically strong outside of tests. */
    public static PrivateKey generate(RandomGenerator random) {
        return generate(random, Curve25519.BOUNCY_CASTLE);
    }

    /** As above, for agreements by an implementation. */
    public static PrivateKey generate(RandomGenerator random, Curve25519 curve) {
        byte[] bytes = new byte[KeyBytes.LENGTH];
        random.nextBytes(bytes);
        return new PrivateKey(bytes, curve);
    }

    /** The same key for agreements by an implementation; to wipe one is to wipe both. */
    public PrivateKey by(Curve25519 other) {
        return new PrivateKey(this, other);
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
        boolean contributes = curve.agree(scalar, publicKey.point(), other.point(), shared);
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
