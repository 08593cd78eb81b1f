// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.admission;

/** What {@link Admission} says to somebody who asks for a place. */
public sealed interface Verdict permits Place, Verdict.Denied {
    /**
     * No place.
     *
     * @param peer whom the source belongs to, as far as that is known
     * @param retryAfterSeconds when it is worth trying again, at least 1
     */
    record Denied(Denial denial, String peer, int retryAfterSeconds) implements Verdict {}
}
