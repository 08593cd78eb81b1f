// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.condition;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The list of conditions of one object, as a value: every change gives a new list.
 *
 * <p>Types are unique and the list is sorted by type, so that two equal states are two equal documents and a status
 * that did not change is not written again.
 */
public final class Conditions {
    private final List<Condition> conditions;

    private Conditions(List<Condition> conditions) {
        this.conditions = List.copyOf(conditions);
    }

    /** The conditions that stand in a status now. */
    public static Conditions of(List<Condition> current) {
        return new Conditions(current);
    }

    /**
     * These conditions with one of them set.
     *
     * @param generation the generation of the spec that was looked at
     * @param now when that was; becomes the transition time only if the status of the condition changes
     */
    public Conditions with(String type, Verdict verdict, long generation, Instant now) {
        String status = verdict.status();
        String since = find(type)
                .filter(old -> Objects.equals(old.getStatus(), status))
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        Condition changed = new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(verdict.reason())
                .withMessage(verdict.message())
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
        List<Condition> all = new ArrayList<>(conditions);
        all.removeIf(old -> type.equals(old.getType()));
        all.add(changed);
        all.sort(Comparator.comparing(Condition::getType));
        return new Conditions(all);
    }

    /** These conditions without one of them. */
    public Conditions without(String type) {
        return new Conditions(
                conditions.stream().filter(c -> !type.equals(c.getType())).toList());
    }

    /** The condition of a type, if it was ever set. */
    public Optional<Condition> find(String type) {
        return conditions.stream().filter(c -> type.equals(c.getType())).findFirst();
    }

    /** Whether the condition of a type is known to hold. */
    public boolean holds(String type) {
        return find(type).map(c -> "True".equals(c.getStatus())).orElse(false);
    }

    /** The conditions as they go into a status. */
    public List<Condition> toList() {
        return conditions;
    }
}
