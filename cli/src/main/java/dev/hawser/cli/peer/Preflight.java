// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.cli.cluster.ClusterFacts;
import dev.hawser.controller.plan.BlockPlan;
import dev.hawser.controller.plan.MappingPreview;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Reservation;
import dev.hawser.ipam.ledger.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a peering would mean, told before anything is changed. Pure.
 *
 * <p>The names come from the very plan by which the controllers grant them, on the state they would find; so they are
 * exact as long as nobody else asks for a range in between.
 */
public final class Preflight {
    private final ClusterFacts here;
    private final ClusterFacts there;
    private final List<RangeOverlap> overlaps = new ArrayList<>();
    private final List<PlannedName> mapping = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private Preflight(ClusterFacts here, ClusterFacts there) {
        this.here = here;
        this.there = there;
    }

    /** Looks at both sides. */
    public static PreflightReport of(ClusterFacts here, ClusterFacts there) {
        Preflight preflight = new Preflight(here, there);
        preflight.identities();
        if (preflight.problems.isEmpty()) {
            preflight.names(here, there);
            preflight.names(there, here);
        }
        return new PreflightReport(
                PreflightReport.SCHEMA,
                List.of(ClusterRanges.of(here), ClusterRanges.of(there)),
                preflight.overlaps,
                preflight.mapping,
                preflight.problems);
    }

    private void identities() {
        if (here.id().equals(there.id())) {
            problems.add("both clusters are called \"" + here.id() + "\"; give one another spec.clusterID in its"
                    + " ClusterGateway, or check the two kubeconfigs: they may lead to the same cluster");
        }
        if (here.publicKeys().stream().anyMatch(there.publicKeys()::contains)) {
            problems.add("both gateways have the same public key; delete Secret hawser-node/gateway-keys of a cluster"
                    + " that was copied, and restart its gateway");
        }
        if (here.endpoints().isEmpty() && there.endpoints().isEmpty()) {
            problems.add("neither " + here.id() + " nor " + there.id() + " announces an endpoint, so neither can be"
                    + " dialled; set spec.endpoints in the ClusterGateway of one");
        }
        stranger(here, there);
        stranger(there, here);
    }

    /** A Peering of the same name with another key is somebody else's. */
    private void stranger(ClusterFacts in, ClusterFacts peer) {
        for (Peering peering : in.peerings()) {
            boolean same = peering.getSpec().clusterID().equals(peer.id());
            if (same && knownKeys(peering).noneMatch(peer.publicKeys()::contains)) {
                problems.add(in.id() + " has a Peering \"" + peer.id() + "\" with another public key; if that cluster"
                        + " was set up anew, delete the Peering first, else rename one of the two");
            }
        }
    }

    /** Those of the bundle, and those that the peer announced in-band since: a rotation leaves the bundle behind. */
    private static Stream<String> knownKeys(Peering peering) {
        var status = peering.getStatus();
        var advertised = status == null ? null : status.advertised();
        return Stream.concat(
                peering.getSpec().publicKeys().stream(),
                advertised == null ? Stream.empty() : advertised.publicKeys().stream());
    }

    private void names(ClusterFacts in, ClusterFacts peer) {
        if (in.objects().pool().isEmpty()) {
            problems.add(in.id() + " has no Pool hawser/" + ObjectNames.POOL + "; apply manifests/kustomize there");
            return;
        }
        MappingPreview.of(in.objects(), List.of(asWished(in, peer))).stream()
                .filter(line -> line.clusterID().equals(peer.id()))
                .filter(line -> isPresent(peer, line))
                .forEach(line -> {
                    overlaps(in, peer, line);
                    name(in, peer, line);
                });
    }

    /** The ranges of the peer as they are, and the names that somebody wished for them in a Peering that stands. */
    private static PeeringSpec asWished(ClusterFacts in, ClusterFacts peer) {
        return Bundle.ranges(
                peer,
                in.objects()
                        .peer(peer.id())
                        .map(standing -> standing.spec().remap())
                        .orElse(null));
    }

    /** Names of ranges that the peer has left cool down; they are no part of what will be. */
    private static boolean isPresent(ClusterFacts peer, MappingPreview.Line line) {
        return (line.role() == Role.POD ? peer.podCIDRs() : peer.externalCIDRs())
                .stream().map(Cidr::parse).anyMatch(line.from()::equals);
    }

    private void name(ClusterFacts in, ClusterFacts peer, MappingPreview.Line line) {
        String role = line.role().word();
        if (line.to().isEmpty()) {
            problems.add(in.id() + " has no name for " + role + " CIDR " + line.from() + " of " + peer.id() + ": "
                    + line.message());
            return;
        }
        mapping.add(new PlannedName(
                in.id(),
                peer.id(),
                role,
                line.from().toString(),
                line.to().get().toString(),
                line.granted()));
    }

    /** Everything in the naming cluster that has a part of the range already. */
    private void overlaps(ClusterFacts in, ClusterFacts peer, MappingPreview.Line line) {
        List<Reservation> all = new ArrayList<>(in.objects().inUse().reservations());
        in.objects().own().routes().forEach(route -> all.add(new Reservation(route.cidr(), route.holder())));
        in.objects().networks().forEach(network -> held(network, peer).ifPresent(all::add));
        all.stream()
                .filter(used -> used.cidr().overlaps(line.from()))
                .map(used -> new RangeOverlap(
                        in.id(),
                        peer.id(),
                        line.role().word(),
                        line.from().toString(),
                        used.cidr().toString(),
                        used.holder(),
                        proposal(line)))
                .forEach(overlaps::add);
    }

    private static String proposal(MappingPreview.Line line) {
        return line.to()
                .map(name -> name.equals(line.from())
                        ? "may keep its own name"
                        : (line.granted() ? "is called " : "call it ") + name)
                .orElse(line.message());
    }

    /** What a Network takes for somebody else; our own external CIDRs are among our ranges already. */
    private static Optional<Reservation> held(BlockPlan.Claim network, ClusterFacts peer) {
        var owner = network.spec().owner();
        return switch (network.spec().purpose()) {
            case External -> Optional.empty();
            case Remapped ->
                owner == null || owner.clusterID().equals(peer.id())
                        ? Optional.empty()
                        : network.recorded()
                                .map(block -> new Reservation(block, "a name of cluster " + owner.clusterID()));
            case Pod, Service, Node, Reserved ->
                readable(network.spec().cidr()).map(cidr -> new Reservation(cidr, "Network " + network.name()));
        };
    }

    private static Optional<Cidr> readable(String text) {
        try {
            return Optional.of(Cidr.parse(text));
        } catch (AddressException editedByHand) {
            return Optional.empty();
        }
    }
}
