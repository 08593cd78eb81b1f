// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What ClientMatrixIT found, in Markdown. */
final class MatrixPage {
    private final List<Trial> trials;
    private final List<Absence> absences;

    MatrixPage(List<Trial> trials, List<Absence> absences) {
        this.trials = List.copyOf(trials);
        this.absences = List.copyOf(absences);
    }

    /**
     * @param server version of the API server
     * @param watch what came of the long watch
     */
    String text(LocalDate date, String server, String watch) {
        return """
                # Clients of the API server proxy

                What works through the remapped address of the other cluster's proxy, from a pod of genoa to the API server (%s) of 3rd-lisbon in the
                demo, as `ClientMatrixIT` found it on %s with the programs of that machine. `make long` writes this page. A cell says what was
                done and came out right; "-" is what a client has not, and why stands below. At every single cell the counter of 3rd-lisbon's proxy had to
                move; the last column is by how many tunnels it did for the row.

                What a kubectl likes differs: so it was also asked for the other way where it has one (`KUBECTL_REMOTE_COMMAND_WEBSOCKETS`,
                `KUBECTL_PORT_FORWARD_WEBSOCKETS`). What it spoke in the end, by its own log, stands at exec and port-forward.

                A watch of the newest kubectl stood beside all this, heard of nothing, and then of what it was for: %s.

                """.formatted(server, date, watch) + table() + notes();
    }

    private String table() {
        Feature[] features = Feature.values();
        StringBuilder table = new StringBuilder("| client | upgrades | ")
                .append(Arrays.stream(features).map(Feature::title).collect(Collectors.joining(" | ")))
                .append(" | tunnels |\n|---|---|")
                .repeat("---|", features.length)
                .append("--:|\n");
        trials.forEach(trial -> table.append(trial.row()));
        absences.forEach(absence -> table.append("| ")
                .append(absence.name())
                .append(" | not tried |")
                .repeat(" - |", features.length)
                .append(" - |\n"));
        return table.toString();
    }

    private String notes() {
        Set<String> notes = new LinkedHashSet<>();
        absences.forEach(absence -> notes.add(absence.name() + ", not tried: " + absence.reason()));
        for (Trial trial : trials) {
            Map<String, String> features = new LinkedHashMap<>();
            for (Feature feature : Feature.values()) {
                String reason = trial.client().notes().get(feature);
                if (reason != null) {
                    features.merge(reason, feature.title(), (first, second) -> first + ", " + second);
                }
            }
            features.forEach((reason, which) -> notes.add(trial.client().name() + ", " + which + ": " + reason));
        }
        return notes.stream().map(note -> "- " + note + "\n").collect(Collectors.joining("", "\n", ""));
    }
}
