// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

class MatrixPageTest {
    private static final String REASON = "pip ended with 1: no matching distribution";

    @Test
    void saysOfAClientThatCannotBeHadThatItWasNotTriedAndWhy() {
        assertThat(page(List.of(), new Absence("Python", REASON)))
                .contains("| Python | not tried | - |")
                .contains("\n- Python, not tried: " + REASON + "\n");
    }

    @Test
    void saysWhyAClientLacksAFeature() {
        Client client = new Client("curl 7", "none", allBut(Feature.CP), Map.of(Feature.CP, "no upgrades"));
        Outcome got = new Outcome(true, "3rd-lisbon", 2);

        assertThat(page(List.of(new Trial(client, Map.of(Feature.GET, got)))))
                .contains("| curl 7 | none | 3rd-lisbon | - |")
                .contains("\n- curl 7, cp: no upgrades\n");
    }

    @Test
    void refusesAClientOfWhichNothingSaysWhyItLacksAFeature() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Client("curl 7", "none", allBut(Feature.CP), Map.of()))
                .withMessageContaining("cp");
    }

    @Test
    void countsAsFailedWhatWorkedOnAnotherWay() {
        Client client = new Client("curl 7", "none", allBut(Feature.CP), Map.of(Feature.CP, "no upgrades"));

        assertThat(new Trial(client, Map.of(Feature.GET, new Outcome(true, "3rd-lisbon", 0))).failures())
                .containsExactly("curl 7 (none) get did not come through the peer's proxy");
        assertThat(new Trial(client, Map.of(Feature.GET, new Outcome(false, "exit code 1", 1))).failures())
                .containsExactly("curl 7 (none) get: exit code 1");
    }

    private static String page(List<Trial> trials, Absence... absences) {
        return new MatrixPage(trials, List.of(absences)).text(LocalDate.EPOCH, "1.35.4", "an event");
    }

    private static Map<Feature, Callable<String>> allBut(Feature lacking) {
        Map<Feature, Callable<String>> features = new EnumMap<>(Feature.class);
        for (Feature feature : Feature.values()) {
            features.put(feature, () -> "done");
        }
        features.remove(lacking);
        return features;
    }
}
