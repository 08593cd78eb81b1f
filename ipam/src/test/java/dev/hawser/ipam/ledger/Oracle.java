// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

/** Something that is compared with a slow and obvious stand-in, operation by operation. */
interface Oracle {
    /** Does one random operation with both and fails if they differ. */
    void operate();

    /** AssertJ would take longer than what is compared here. */
    static void same(Object actual, Object expected, String what) {
        if (!actual.equals(expected)) {
            throw new AssertionError(what + " is " + actual + " and not " + expected);
        }
    }
}
