// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.networking.Peering;
import dev.hawser.cli.cluster.ClusterFacts;
import dev.hawser.controller.plan.BlockPlan;
import dev.hawser.controller.plan.MappingPreview;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
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
    private final List<String> overlaps = new ArrayList<>();
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
        Optional<Pool> pool = in.pools().stream()
                .filter(candidate -> candidate.getMetadata().getName().equals(ObjectNames.POOL))
                .findFirst();
        if (pool.isEmpty()) {
            problems.add(in.id() + " has no Pool hawser/" + ObjectNames.POOL + "; apply manifests/kustomize there");
            return;
        }
        var status = pool.get().getStatus();
        List<MappingPreview.Line> lines = MappingPreview.of(
                Bundle.ranges(peer),
                in.peerings().stream()
                        .map(Peering::getSpec)
                        .filter(peering -> peering.clusterID().equals(peer.id()))
                        .findFirst(),
                own(in),
                pool.get().getSpec(),
                status == null ? List.of() : status.intents(),
                in.networks().stream().map(Preflight::recorded).toList(),
                inUse(in));
        for (MappingPreview.Line line : lines) {
            overlaps(in, peer, line);
            name(in, peer, line);
        }
    }

    private void name(ClusterFacts in, ClusterFacts peer, MappingPreview.Line line) {
        String range = line.role().word() + " CIDR " + line.from() + " of " + peer.id();
        if (line.to().isEmpty()) {
            problems.add(in.id() + " has no name for " + range + ": " + line.message());
            return;
        }
        String name = line.to().get().toString();
        boolean granted = in.networks().stream()
                .filter(candidate -> isFor(candidate, peer, line.role()))
                .anyMatch(candidate -> candidate.getStatus() != null
                        && name.equals(candidate.getStatus().cidr()));
        mapping.add(new PlannedName(
                in.id(), peer.id(), line.role().word(), line.from().toString(), name, granted));
    }

    private static boolean isFor(Network network, ClusterFacts peer, Role role) {
        var owner = network.getSpec().owner();
        return owner != null
                && owner.clusterID().equals(peer.id())
                && owner.role().equals(role.word());
    }

    /** Everything in the naming cluster that has a part of the range already. */
    private void overlaps(ClusterFacts in, ClusterFacts peer, MappingPreview.Line range) {
        List<Reservation> all = new ArrayList<>(inUse(in));
        in.networks().stream()
                .filter(network -> network.getSpec().purpose() == NetworkPurpose.Remapped)
                .forEach(network -> grantedToOthers(network, peer).ifPresent(all::add));
        all.stream()
                .filter(used -> used.cidr().family() == range.from().family())
                .filter(used -> used.cidr().overlaps(range.from()))
                .forEach(used -> overlaps.add(range.role().word() + " CIDR " + range.from() + " of " + peer.id()
                        + " overlaps " + used.cidr() + " in " + in.id() + ": " + used.holder()));
    }

    private static Optional<Reservation> grantedToOthers(Network network, ClusterFacts peer) {
        var owner = network.getSpec().owner();
        var status = network.getStatus();
        return owner == null || owner.clusterID().equals(peer.id()) || status == null
                ? Optional.empty()
                : Optional.ofNullable(status.cidr())
                        .map(cidr -> new Reservation(Cidr.parse(cidr), "a name of cluster " + owner.clusterID()));
    }

    private static OwnCluster own(ClusterFacts facts) {
        return OwnCluster.of(facts.gateway().getSpec(), facts.gateway().getStatus());
    }

    private static List<Reservation> inUse(ClusterFacts facts) {
        List<Reservation> all = new ArrayList<>(own(facts).reservations());
        facts.nodeAddresses()
                .forEach(address -> all.add(new Reservation(Cidr.host(IpAddress.parse(address)), "a node's address")));
        return all;
    }

    private static BlockPlan.Claim recorded(Network network) {
        return new BlockPlan.Claim(
                network.getMetadata().getName(),
                String.valueOf(network.getMetadata().getUid()),
                network.getSpec(),
                network.getStatus());
    }
}
