// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.ip;

import dev.hawser.cli.terminal.Table;
import dev.hawser.controller.explain.Explanation;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code hawser ip explain} prints.
 *
 * @param schema version of this form
 * @param here what the address is in the cluster that was asked, the meaning that packets go by first
 * @param inbound how each peer reaches it
 * @param outbound how the cluster itself reaches it
 * @param elsewhere peers that use the same number for something of their own
 */
public record ExplainReport(
        String schema,
        String cluster,
        String address,
        String family,
        List<Here> here,
        List<Inbound> inbound,
        Outbound outbound,
        List<Elsewhere> elsewhere) {
    /** The version that this program writes. */
    public static final String SCHEMA = "hawser.ip-explain/v1";

    public ExplainReport {
        here = List.copyOf(here);
        inbound = List.copyOf(inbound);
        elsewhere = List.copyOf(elsewhere);
    }

    /** One thing that the address is. */
    public record Here(
            String kind,
            @Nullable String range,
            @Nullable String object,
            @Nullable String peer,
            @Nullable String trueAddress,
            String text) {}

    /** How one peer reaches it. */
    public record Inbound(String peer, @Nullable String dials, String text) {}

    /** How the cluster itself does. */
    public record Outbound(
            @Nullable String dial,
            @Nullable String peer,
            @Nullable String arrivesAs,
            String text) {}

    /** What the same number is at a peer. */
    public record Elsewhere(
            String peer,
            String kind,
            String range,
            @Nullable String dial,
            String text) {}

    /** An explanation in this form. */
    public static ExplainReport of(Explanation explanation) {
        return new ExplainReport(
                SCHEMA,
                explanation.cluster(),
                explanation.address().toString(),
                FamilyNames.of(explanation.address().family()),
                explanation.here().stream()
                        .map(is -> new Here(
                                is.kind().word(),
                                text(is.range()),
                                text(is.object()),
                                text(is.peer()),
                                text(is.truth()),
                                is.text()))
                        .toList(),
                explanation.inbound().stream()
                        .map(way -> new Inbound(way.peer(), text(way.dials()), way.text()))
                        .toList(),
                new Outbound(
                        text(explanation.outbound().dial()),
                        text(explanation.outbound().peer()),
                        text(explanation.outbound().arrivesAs()),
                        explanation.outbound().text()),
                explanation.elsewhere().stream()
                        .map(there -> new Elsewhere(
                                there.peer(),
                                there.kind().word(),
                                there.range().toString(),
                                text(there.dial()),
                                there.text()))
                        .toList());
    }

    /** The report for people. */
    public String text() {
        StringBuilder text = new StringBuilder();
        Here first = here.getFirst();
        text.append(address).append(" in ").append(cluster).append(": ").append(first.text());
        if (first.range() != null && first.object() != null) {
            text.append(" (")
                    .append(first.range())
                    .append(", ")
                    .append(first.object())
                    .append(')');
        }
        here.stream().skip(1).forEach(is -> text.append("\nalso: ").append(is.text()));
        elsewhere.forEach(there -> text.append("\nbeware: ").append(there.text()));
        text.append("\n\nfrom ").append(cluster).append(": ");
        text.append(outbound.dial() == null ? "not reached; " : "dial " + outbound.dial() + "; ")
                .append(outbound.text());
        if (!inbound.isEmpty()) {
            Table table = Table.of("PEER", "DIALS", "WHY");
            inbound.forEach(way -> table.row(way.peer(), way.dials() == null ? "-" : way.dials(), way.text()));
            text.append("\n\n").append(table);
        }
        return text.toString();
    }

    private static @Nullable String text(Optional<?> value) {
        return value.map(Object::toString).orElse(null);
    }
}
