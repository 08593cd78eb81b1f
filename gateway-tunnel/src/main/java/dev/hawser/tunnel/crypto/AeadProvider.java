// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

/**
 * A source of ChaCha20-Poly1305 contexts (RFC 8439) for the packet path.
 *
 * <p>The nonce is four zero bytes and the counter as a little-endian 64-bit number; there is no associated data; the tag has 16
 * bytes and follows the ciphertext. Thread-safe; the contexts it gives are not.
 */
public interface AeadProvider {
    /** Length of a key in bytes. */
    int KEY_LENGTH = 32;

    /** Length of the tag that follows a ciphertext, in bytes. */
    int TAG_LENGTH = 16;

    /** The short name under which configuration chooses this provider, such as {@code openssl}. */
    String name();

    /**
     * Makes a context that seals with a key.
     *
     * @param key 32 bytes; copied, the caller may wipe it afterwards
     */
    SealingKey sealing(byte[] key);

    /**
     * Makes a context that opens with a key.
     *
     * @param key 32 bytes; copied, the caller may wipe it afterwards
     */
    OpeningKey opening(byte[] key);
}
