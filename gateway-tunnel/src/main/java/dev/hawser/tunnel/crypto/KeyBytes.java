// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import java.util.Arrays;
import java.util.Base64;

/** Reads and writes the 32 bytes of a key in the two forms people and messages use. */
final class KeyBytes {
    static final int LENGTH = 32;

    private KeyBytes() {}

    static byte[] copyOf(byte[] bytes, String what) {
        if (bytes.length != LENGTH) {
            throw new CryptoException(what + " has " + bytes.length + " bytes; it must have " + LENGTH);
        }
        return bytes.clone();
    }

    /** The text itself is never part of the message: it may be a secret. */
    static byte[] ofBase64(String text, String what) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(text.strip());
        } catch (IllegalArgumentException e) {
            throw new CryptoException(what + " is not base64; give the 44 characters that `wg` prints", e);
        }
        try {
            return copyOf(bytes, what);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    static String toBase64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
