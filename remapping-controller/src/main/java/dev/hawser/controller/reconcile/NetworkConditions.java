// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.Network;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** The conditions of a Network: Ready always, and Conflict or Exhausted while that is why it is not. */
final class NetworkConditions {
    private NetworkConditions() {}

    /**
     * The conditions that follow from a verdict.
     *
     * @param type Ready if the verdict holds, else what failed: Conflict or Exhausted
     */
    static List<Condition> of(Network network, String type, Verdict verdict, Instant now) {
        long generation = Objects.requireNonNullElse(network.getMetadata().getGeneration(), 0L);
        Conditions conditions = Conditions.of(
                network.getStatus() == null ? List.of() : network.getStatus().conditions());
        for (String other : List.of("Conflict", "Exhausted")) {
            conditions = other.equals(type)
                    ? conditions.with(other, new Verdict.Holds(verdict.reason(), verdict.message()), generation, now)
                    : conditions.without(other);
        }
        Verdict ready = type.equals("Ready") ? verdict : new Verdict.Fails(type, verdict.message());
        return conditions.with("Ready", ready, generation, now).toList();
    }
}
