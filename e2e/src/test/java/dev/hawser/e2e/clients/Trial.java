// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** What came of everything that a client can do. */
public record Trial(Client client, Map<Feature, Outcome> outcomes) {
    public Trial {
        outcomes = Map.copyOf(outcomes);
    }

    /** Tries everything, whatever fails. */
    public static Trial of(Client client, PeerAccess access) {
        Map<Feature, Outcome> outcomes = new EnumMap<>(Feature.class);
        for (Feature feature : Feature.values()) {
            Callable<String> trial = client.features().get(feature);
            if (trial != null) {
                outcomes.put(feature, outcome(trial, access));
            }
        }
        Trial trial = new Trial(client, outcomes);
        System.out.print("OUT: " + trial.row());
        return trial;
    }

    private static Outcome outcome(Callable<String> trial, PeerAccess access) {
        long before = access.tunnels();
        boolean good = false;
        String said;
        try {
            said = trial.call();
            good = true;
        } catch (Exception | AssertionError e) {
            said = String.valueOf(e.getMessage());
        }
        return new Outcome(good, said, access.tunnels() - before);
    }

    /** What did not work, or went another way: a sentence for each. */
    public List<String> failures() {
        List<String> failed = new ArrayList<>();
        outcomes.forEach((feature, outcome) -> {
            String what = client.name() + " (" + client.how() + ") " + feature.title();
            if (!outcome.good()) {
                failed.add(what + ": " + outcome.said());
            } else if (outcome.tunnels() < 1) {
                failed.add(what + " did not come through the peer's proxy");
            }
        });
        return failed;
    }

    /** A row of a table, in Markdown. */
    String row() {
        StringBuilder row = new StringBuilder("| " + client.name() + " | " + client.how() + " |");
        long tunnels = 0;
        for (Feature feature : Feature.values()) {
            Outcome outcome = outcomes.get(feature);
            row.append(' ').append(outcome == null ? "-" : outcome.cell()).append(" |");
            tunnels += outcome == null ? 0 : outcome.tunnels();
        }
        return row.append(' ').append(tunnels).append(" |\n").toString();
    }
}
