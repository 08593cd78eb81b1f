// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import java.io.Serial;

/** A promise that does not hold: what was expected and what was seen. */
final class CheckFailedException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    CheckFailedException(String message) {
        super(message);
    }

    static void unless(boolean holds, String message) {
        if (!holds) {
            throw new CheckFailedException(message);
        }
    }

    static void unlessEqual(Object expected, Object seen, String what) {
        unless(expected.equals(seen), what + " is " + seen + ", expected " + expected);
    }
}
