// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

/**
 * The answer of one named readiness check.
 *
 * @param name a short name, such as {@code listener}
 * @param reason what is the case, as a person would want to read it
 */
public record Check(String name, boolean passed, String reason) {
    /** A check that passed. */
    public static Check pass(String name, String reason) {
        return new Check(name, true, reason);
    }

    /** A check that failed. */
    public static Check fail(String name, String reason) {
        return new Check(name, false, reason);
    }
}
