// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

/** A cryptographic operation that cannot be done at all: a malformed key, a library that is missing or refuses to work. */
public final class CryptoException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says what failed, where, and what to do about it. */
    public CryptoException(String message) {
        super(message);
    }

    /** As above, with what it came from. */
    public CryptoException(String message, Throwable cause) {
        super(message, cause);
    }
}
