// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The symmetric secret of two gateways that is mixed into their handshakes on top of X25519.
 *
 * <p>Never shown: {@link #toString} is redacted, and {@link #close} wipes it.
 */
public final class PresharedKey implements AutoCloseable {
    private final byte[] secret;

    private PresharedKey(byte[] secret) {
        this.secret = secret;
    }

    /** What WireGuard uses when no preshared key is set: 32 zero bytes. */
    public static PresharedKey none() {
        return new PresharedKey(new byte[KeyBytes.LENGTH]);
    }

    /** A key from its 32 bytes, which are copied. */
    public static PresharedKey of(byte[] bytes) {
        return new PresharedKey(KeyBytes.copyOf(bytes, "preshared key"));
    }

    /** A key from the text form that {@code wg genpsk} prints. */
    public static PresharedKey fromBase64(String text) {
        return new PresharedKey(KeyBytes.ofBase64(text, "preshared key"));
    }

    /** A fresh key; the source must be cryptographically strong outside of tests. */
    public static PresharedKey generate(RandomGenerator random) {
        byte[] bytes = new byte[KeyBytes.LENGTH];
        random.nextBytes(bytes);
        return new PresharedKey(bytes);
    }

    /** A copy of the 32 bytes; the caller wipes it. */
    public byte[] toBytes() {
        return secret.clone();
    }

    /** The text form, for the Secret that keeps the key; do not log it. */
    public String toBase64() {
        return KeyBytes.toBase64(secret);
    }

    /** Wipes the key. */
    @Override
    public void close() {
        Arrays.fill(secret, (byte) 0);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PresharedKey that && MessageDigest.isEqual(secret, that.secret);
    }

    @Override
    public int hashCode() {
        // Constant on purpose: a hash of the secret would be a function of it that might be shown.
        return PresharedKey.class.hashCode();
    }

    @Override
    public String toString() {
        return "PresharedKey[redacted]";
    }
}
