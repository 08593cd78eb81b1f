// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * What came of everything that a client can do.
 *
 * @param outcomes by feature; what failed begins with {@link #FAILED}
 * @param tunnels that the peer's proxy connected meanwhile
 */
public record Trial(Client client, Map<Feature, String> outcomes, long tunnels) {
    private static final String FAILED = "**no**: ";

    public Trial {
        outcomes = Map.copyOf(outcomes);
    }

    /** Tries everything, whatever fails. */
    public static Trial of(Client client, PeerAccess access) {
        long before = access.tunnels();
        Map<Feature, String> outcomes = new EnumMap<>(Feature.class);
        client.features().forEach((feature, trial) -> outcomes.put(feature, outcome(trial)));
        Trial trial = new Trial(client, outcomes, access.tunnels() - before);
        System.out.print("OUT: " + trial.row());
        return trial;
    }

    private static String outcome(Callable<String> trial) {
        try {
            return trial.call();
        } catch (Exception | AssertionError e) {
            return FAILED
                    + String.valueOf(e.getMessage()).replaceAll("\\s+", " ").replace('|', '/');
        }
    }

    /** What did not work, a sentence for each; also that it went another way. */
    public List<String> failures() {
        List<String> failed = new ArrayList<>();
        outcomes.forEach((feature, outcome) -> {
            if (outcome.startsWith(FAILED)) {
                failed.add(client.name() + " " + feature.title() + ": " + outcome);
            }
        });
        if (tunnels < 1) {
            failed.add(client.name() + " did not come through the peer's proxy");
        }
        return failed;
    }

    /** A row of a table, in Markdown. */
    String row() {
        StringBuilder row = new StringBuilder("| " + client.name() + " | " + client.how() + " |");
        for (Feature feature : Feature.values()) {
            row.append(' ').append(outcomes.getOrDefault(feature, "-")).append(" |");
        }
        return row.append(' ').append(tunnels).append(" |\n").toString();
    }
}
