// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.condition;

/**
 * What is said of one condition: whether it holds, a reason for machines in CamelCase, and a sentence for people.
 */
public sealed interface Verdict {
    /** One CamelCase word that programs may compare. */
    String reason();

    /** What is so, why, and what to do about it. */
    String message();

    /** The status as {@code metav1.Condition} spells it. */
    default String status() {
        return switch (this) {
            case Holds _ -> "True";
            case Fails _ -> "False";
            case Unknown _ -> "Unknown";
        };
    }

    /** The condition holds. */
    record Holds(String reason, String message) implements Verdict {}

    /** The condition does not hold. */
    record Fails(String reason, String message) implements Verdict {}

    /** It could not be found out. */
    record Unknown(String reason, String message) implements Verdict {}
}
