// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.condition;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConditionsTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00.5Z");
    private static final Instant LATER = NOON.plusSeconds(60);

    @Test
    void keepsTheTransitionTimeWhileTheStatusStays() {
        Conditions first =
                Conditions.of(List.of()).with("Ready", new Verdict.Fails("Waiting", "no answer yet"), 1, NOON);

        Conditions second = first.with("Ready", new Verdict.Fails("Refused", "the peer said no"), 2, LATER);

        Condition ready = second.find("Ready").orElseThrow();
        assertThat(ready.getLastTransitionTime()).isEqualTo("2026-01-01T12:00:00Z");
        assertThat(ready.getReason()).isEqualTo("Refused");
        assertThat(ready.getObservedGeneration()).isEqualTo(2);
    }

    @Test
    void movesTheTransitionTimeWhenTheStatusChanges() {
        Conditions conditions = Conditions.of(List.of())
                .with("Ready", new Verdict.Fails("Waiting", "no answer yet"), 1, NOON)
                .with("Ready", new Verdict.Holds("Answered", "the peer answers"), 1, LATER);

        assertThat(conditions.holds("Ready")).isTrue();
        assertThat(conditions.find("Ready").orElseThrow().getLastTransitionTime())
                .isEqualTo("2026-01-01T12:01:00Z");
    }

    @Test
    void keepsOneConditionPerTypeSortedByType() {
        Conditions conditions = Conditions.of(List.of())
                .with("Ready", new Verdict.Unknown("Starting", "not looked at yet"), 1, NOON)
                .with("Conflict", new Verdict.Fails("None", "nothing in the way"), 1, NOON)
                .with("Ready", new Verdict.Holds("Answered", "the peer answers"), 1, LATER);

        assertThat(conditions.toList()).extracting(Condition::getType).containsExactly("Conflict", "Ready");
        assertThat(conditions.without("Conflict").toList()).hasSize(1);
    }
}
