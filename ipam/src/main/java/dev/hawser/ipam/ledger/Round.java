// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import java.util.List;

/**
 * The outcome of deciding: what to say to each request, and what the pools must record first. Immutable.
 *
 * @param decisions one per request, in the order of granting
 * @param intents all intents that are still needed, old and new, in owner order; those of the state that are not among
 *     them are fulfilled, or their object is gone, and the same write clears them
 */
public record Round(List<Decision> decisions, List<Intent> intents) {
    public Round {
        decisions = List.copyOf(decisions);
        intents = List.copyOf(intents);
    }

    /** The complete list of intents that the pool must record; write it if the pool records anything else. */
    public List<Intent> intentsOf(String pool) {
        return intents.stream().filter(intent -> intent.pool().equals(pool)).toList();
    }
}
