// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import java.util.Arrays;

/** An X25519 public key: the name of a gateway on the wire. An immutable value. */
public final class PublicKey {
    /** Length in bytes. */
    public static final int LENGTH = KeyBytes.LENGTH;

    private final byte[] point;

    private PublicKey(byte[] point) {
        this.point = point;
    }

    /** A key from its 32 bytes, which are copied. */
    public static PublicKey of(byte[] bytes) {
        return new PublicKey(KeyBytes.copyOf(bytes, "public key"));
    }

    /** A key from the text form that {@code wg pubkey} prints. */
    public static PublicKey fromBase64(String text) {
        return new PublicKey(KeyBytes.ofBase64(text, "public key"));
    }

    /** A copy of the 32 bytes. */
    public byte[] toBytes() {
        return point.clone();
    }

    /** The text form that {@code wg} shows. */
    public String toBase64() {
        return KeyBytes.toBase64(point);
    }

    byte[] point() {
        return point;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PublicKey that && Arrays.equals(point, that.point);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(point);
    }

    @Override
    public String toString() {
        return toBase64();
    }
}
