// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.tunnel.engine.PeerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of a fault.
 *
 * @param fault what was done
 * @param phases the phases that were seen, in their order, without repetition
 * @param said the first word other than that all is well
 * @param noticed time from the injection until the Connection was not Connected any more, if it ever was not
 * @param back time until data flowed and the Connection was Connected again: from the healing, or from the injection if there is
 *     nothing to heal
 * @param failures what should not have been; empty if all was as expected
 */
record FaultResult(
        Fault fault,
        List<PeerStatus.Phase> phases,
        String said,
        Optional<Duration> noticed,
        Optional<Duration> back,
        List<String> failures) {
    FaultResult {
        phases = List.copyOf(phases);
        failures = List.copyOf(failures);
    }

    /** A line of a Markdown table. */
    String row() {
        String status = noticed.isEmpty() ? "stayed Connected" : phaseNames();
        return "| " + fault.name() + " | " + status + " | " + said + " | "
                + noticed.map(FaultResult::seconds).orElse("–") + " | "
                + back.map(FaultResult::seconds).orElse("never") + " | "
                + (failures.isEmpty() ? "" : String.join("; ", failures)) + " |";
    }

    private String phaseNames() {
        return String.join(
                ", ",
                phases.stream()
                        .skip(1)
                        .map(phase -> phase.name().charAt(0)
                                + phase.name().substring(1).toLowerCase(Locale.ROOT))
                        .toList());
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f s", time.toMillis() / 1e3);
    }
}
