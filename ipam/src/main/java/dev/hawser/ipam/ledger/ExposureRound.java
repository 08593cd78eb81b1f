// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import java.util.List;

/**
 * The outcome of deciding: what to say to each request, and what the external Network must record first. Immutable.
 *
 * @param decisions one per request, in the order of granting
 * @param intents the complete list that the Network must record, by uid; write it if the Network records anything else
 */
public record ExposureRound(List<ExposureDecision> decisions, List<ExposureIntent> intents) {
    public ExposureRound {
        decisions = List.copyOf(decisions);
        intents = List.copyOf(intents);
    }
}
