// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.ip;

import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import dev.hawser.cli.terminal.Table;
import dev.hawser.controller.plan.ClusterObjects;
import dev.hawser.controller.plan.MappingPreview;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Role;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What {@code hawser ip plan} prints.
 *
 * @param schema version of this form
 * @param names the ranges that were asked about, in the order of granting
 * @param granted how many names of this cluster are granted already
 */
public record PlanReport(String schema, String cluster, List<Name> names, int granted) {
    /** The version that this program writes. */
    public static final String SCHEMA = "hawser.ip-plan/v1";

    private static final String SOMEBODY = "new-peer";

    public PlanReport {
        names = List.copyOf(names);
    }

    /**
     * A range and the name that it has or would get.
     *
     * @param name absent if it would get none
     * @param state granted, or what would come of it: grant, refuse
     * @param inTheWay what keeps it from the wanted name
     */
    public record Name(
            String peer,
            String role,
            String range,
            String wanted,
            @Nullable String name,
            String state,
            @Nullable String inTheWay,
            String message) {}

    /**
     * Decides as the controller would.
     *
     * @param peer whose names are asked for; all that are pending if neither this nor ranges are given
     * @param ranges pod ranges of a cluster that is to be peered with, or that peer is to have
     */
    public static PlanReport of(ClusterObjects objects, @Nullable String peer, List<Cidr> ranges) {
        String asked = Objects.requireNonNullElse(peer, SOMEBODY);
        Predicate<MappingPreview.Line> wanted;
        List<PeeringSpec> joining = List.of();
        if (!ranges.isEmpty()) {
            requireFamilies(objects, ranges);
            joining = List.of(withPods(objects, asked, ranges));
            wanted = line -> line.clusterID().equals(asked) && line.role() == Role.POD && ranges.contains(line.from());
        } else if (peer != null) {
            wanted = line -> line.clusterID().equals(asked);
        } else {
            wanted = line -> !line.granted();
        }
        List<MappingPreview.Line> lines = preview(objects, joining);
        List<Name> names = lines.stream().filter(wanted).map(PlanReport::name).toList();
        if (names.isEmpty() && peer != null) {
            throw new CliException(
                    ExitCode.FAILED,
                    "nothing in " + objects.own().clusterID() + " asks for names of ranges of " + peer,
                    "see `hawser status` for its peers, or name the ranges it would have.");
        }
        return new PlanReport(SCHEMA, objects.own().clusterID(), names, (int)
                lines.stream().filter(MappingPreview.Line::granted).count());
    }

    private static List<MappingPreview.Line> preview(ClusterObjects objects, List<PeeringSpec> joining) {
        try {
            return MappingPreview.of(objects, joining);
        } catch (AddressException unreadable) {
            throw new CliException(
                    ExitCode.FAILED,
                    objects.own().clusterID() + " cannot plan: " + unreadable.getMessage(),
                    "correct that object; its conditions name it.",
                    unreadable);
        }
    }

    private static void requireFamilies(ClusterObjects objects, List<Cidr> ranges) {
        for (Cidr range : ranges) {
            if (!objects.own().speaks(range.family())) {
                throw new CliException(
                        ExitCode.FAILED,
                        range + " gets no name: " + objects.own().clusterID() + " has no range of "
                                + FamilyNames.of(range.family()),
                        "give its ClusterGateway ranges of that family first.");
            }
        }
    }

    /** That peer with other pod ranges; or one that nobody knows yet. */
    private static PeeringSpec withPods(ClusterObjects objects, String peer, List<Cidr> ranges) {
        Optional<PeeringSpec> standing = objects.peer(peer).map(ClusterObjects.Peer::spec);
        return new PeeringSpec(
                peer,
                List.of(),
                List.of(),
                ranges.stream().map(Cidr::toString).toList(),
                standing.map(PeeringSpec::externalCIDRs).orElse(List.of()),
                null,
                null,
                null,
                standing.map(PeeringSpec::remap).orElse(null),
                null,
                null);
    }

    private static Name name(MappingPreview.Line line) {
        return new Name(
                line.clusterID(),
                line.role().word(),
                line.from().toString(),
                line.wanted().toString(),
                line.to().map(Cidr::toString).orElse(null),
                line.granted() ? "granted" : line.to().isPresent() ? "grant" : "refuse",
                line.inTheWay().orElse(null),
                line.message());
    }

    /** Whether every range has, or would get, a name. */
    public boolean complete() {
        return names.stream().noneMatch(name -> name.name() == null);
    }

    /** The report for people. */
    public String text() {
        if (names.isEmpty()) {
            return "Nothing is pending in " + cluster + "; " + granted + " names are granted.";
        }
        Table table = Table.of("PEER", "RANGE", "WANTED", "GETS", "STATE", "IN THE WAY");
        for (Name name : names) {
            table.row(
                    name.peer(),
                    name.role() + " " + name.range(),
                    name.wanted(),
                    Objects.requireNonNullElse(name.name(), "-"),
                    switch (name.state()) {
                        case "granted" -> "granted";
                        case "grant" -> "would be granted";
                        default -> "would be refused";
                    },
                    Objects.requireNonNullElse(name.inTheWay(), "-"));
        }
        StringBuilder text = new StringBuilder().append(table);
        names.stream()
                .filter(name -> name.name() == null || name.inTheWay() != null)
                .forEach(name -> text.append("\n\n")
                        .append(name.role())
                        .append(' ')
                        .append(name.range())
                        .append(" of ")
                        .append(name.peer())
                        .append(": ")
                        .append(name.message()));
        return text.toString();
    }
}
