// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

import dev.hawser.cli.terminal.Table;
import java.util.List;

/**
 * What a peering of two clusters would mean, before anything is changed.
 *
 * @param schema version of this form
 * @param clusters the two, in the order they were named
 * @param overlaps every range of one that collides with something the other has
 * @param mapping every range of each and its exact name in the other
 * @param problems what makes the peering impossible, each with the next step
 */
public record PreflightReport(
        String schema,
        List<ClusterRanges> clusters,
        List<RangeOverlap> overlaps,
        List<PlannedName> mapping,
        List<String> problems) {
    /** The version that this program writes. */
    public static final String SCHEMA = "hawser.preflight/v2";

    public PreflightReport {
        clusters = List.copyOf(clusters);
        overlaps = List.copyOf(overlaps);
        mapping = List.copyOf(mapping);
        problems = List.copyOf(problems);
    }

    /** The report for people. */
    public String text() {
        Table ranges = Table.of("CLUSTER", "PODS", "SERVICES", "EXTERNAL", "ENDPOINTS");
        for (ClusterRanges cluster : clusters) {
            ranges.row(
                    cluster.cluster(),
                    list(cluster.podCIDRs(), "-"),
                    list(cluster.serviceCIDRs(), "-"),
                    list(cluster.externalCIDRs(), "-"),
                    list(cluster.endpoints(), "none: dials out"));
        }
        Table names = Table.of("IN", "RANGE", "IS KNOWN AS", "STATE");
        for (PlannedName name : mapping) {
            names.row(
                    name.in(),
                    name.role() + " " + name.cidr() + " of " + name.of(),
                    name.remapped(),
                    name.granted() ? "granted" : "will be granted");
        }
        StringBuilder text = new StringBuilder().append(ranges).append("\n\n");
        if (!overlaps.isEmpty()) {
            text.append(overlapTable()).append("\n\n");
        }
        text.append(names);
        problems.forEach(problem -> text.append("\nPROBLEM: ").append(problem));
        return text.toString();
    }

    private Table overlapTable() {
        Table table = Table.of("CLUSTER", "RANGE", "OVERLAPS WITH", "HELD BY", "PROPOSAL");
        for (RangeOverlap overlap : overlaps) {
            table.row(
                    overlap.cluster(),
                    overlap.role() + " " + overlap.cidr() + " of " + overlap.peer(),
                    overlap.overlaps(),
                    overlap.heldBy(),
                    overlap.proposal());
        }
        return table;
    }

    private static String list(List<String> texts, String ifNone) {
        return texts.isEmpty() ? ifNone : String.join(",", texts);
    }
}
