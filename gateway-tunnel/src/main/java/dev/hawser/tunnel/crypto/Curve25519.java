// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

/**
 * X25519 (RFC 7748). Every implementation gives the same; they differ in time, which counts where peers that are down are called
 * every five seconds. Thread-safe.
 */
public interface Curve25519 {
    /** The implementation that is always there. */
    Curve25519 BOUNCY_CASTLE = new BouncyCastleCurve();

    /** The short name, for people. */
    String name();

    /**
     * The public key of a private one.
     *
     * @param scalar 32 bytes, clamped
     * @return 32 bytes
     */
    byte[] publicKey(byte[] scalar);

    /**
     * What two keys share.
     *
     * @param scalar one's private half, 32 bytes, clamped
     * @param ownPoint its public half
     * @param point the other's public half, 32 bytes of anything
     * @param shared gets the secret, 32 bytes that the caller wipes
     * @return false if the secret is all zero: the point is one of small order, which contributes none
     */
    boolean agree(byte[] scalar, byte[] ownPoint, byte[] point, byte[] shared);
}
