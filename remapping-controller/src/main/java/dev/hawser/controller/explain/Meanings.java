// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.explain;

import dev.hawser.api.ipam.AddressIntent;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.PoolSpec;
import dev.hawser.api.ipam.ReleasedAddress;
import dev.hawser.controller.explain.Explanation.Meaning;
import dev.hawser.controller.plan.BlockPlan;
import dev.hawser.controller.plan.ClusterObjects;
import dev.hawser.controller.plan.ClusterObjects.Exposure;
import dev.hawser.controller.plan.ClusterObjects.Peer;
import dev.hawser.controller.plan.ExposedAddress;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.allocate.AddressBlock;
import dev.hawser.ipam.ledger.Reservation;
import dev.hawser.ipam.remap.Remap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What an address is here. Mutable while it looks, for one thread and one address. */
final class Meanings {
    private static final String GATEWAY_OBJECT = "ClusterGateway " + ObjectNames.CLUSTER_GATEWAY;

    private final ClusterObjects cluster;
    private final IpAddress address;
    private final List<Meaning> found = new ArrayList<>();

    private Meanings(ClusterObjects cluster, IpAddress address) {
        this.cluster = cluster;
        this.address = address;
    }

    static List<Meaning> of(ClusterObjects cluster, IpAddress address) {
        Meanings meanings = new Meanings(cluster, address);
        if (address.isLoopback() || address.isLinkLocal() || address.isMulticast() || address.isUnspecified()) {
            meanings.add(Kind.SPECIAL, "an address that means one host or one link, or no host at all");
            return meanings.found;
        }
        meanings.ownRanges();
        meanings.exposed();
        meanings.nodes();
        cluster.peers().forEach(meanings::names);
        if (meanings.found.isEmpty()) {
            meanings.blocks();
        }
        if (meanings.found.isEmpty()) {
            meanings.pool();
        }
        return meanings.found;
    }

    private void ownRanges() {
        ranges(cluster.own().podCidrs())
                .forEach(range -> add(Kind.POD, range, GATEWAY_OBJECT, "a pod address of this cluster"));
        ranges(cluster.own().serviceCidrs()).forEach(range -> {
            Optional<Reservation> service = held(cluster.services());
            add(
                    Kind.SERVICE,
                    range,
                    service.map(Reservation::holder).orElse(GATEWAY_OBJECT),
                    service.map(whose -> "the address of " + whose.holder())
                            .orElse("an address for Services of this cluster"));
        });
        ranges(cluster.own().externalCidrs()).forEach(this::external);
    }

    private void external(Cidr range) {
        boolean taken = false;
        for (Exposure exposure : cluster.exposures()) {
            for (ExposedAddress pair : exposure.addresses()) {
                if (pair.external().equals(address)) {
                    taken = true;
                    add(Kind.EXTERNAL, range, exposure.object(), standsFor(exposure, pair));
                }
            }
        }
        if (!taken) {
            unexposed(range);
        }
    }

    private static String standsFor(Exposure exposure, ExposedAddress pair) {
        // While its target is away an external address stands for itself.
        String target = pair.local().equals(pair.external())
                ? "whose target is away"
                : "which stands for " + pair.local()
                        + PeerSide.ports(exposure.spec().ports());
        return "the external address of " + exposure.object() + ", " + target
                + exposure.closed().map(why -> "; nobody reaches it: " + why).orElse("");
    }

    private void unexposed(Cidr range) {
        String network = "Network " + ObjectNames.externalNetwork(range);
        Optional<AddressIntent> promise = cluster.promised(range).stream()
                .filter(intent -> intent.address().equals(address.toString()))
                .findFirst();
        Optional<ReleasedAddress> release = cluster.released(range).stream()
                .filter(released -> released.address().equals(address.toString()))
                .findFirst();
        if (range.hostBits() < 2 || !range.usable(address)) {
            add(Kind.UNUSABLE, range, network, "the first or last address of an external CIDR, which nobody gets");
        } else if (address.equals(range.firstUsable())) {
            add(Kind.GATEWAY, range, GATEWAY_OBJECT, "the gateway of this cluster, which answers probes and ICMP only");
        } else if (!new AddressBlock(range).isGrantable(address)) {
            add(Kind.UNUSABLE, range, network, "beyond the part of an external CIDR that addresses are taken from");
        } else if (promise.isPresent()) {
            String ip = "IP " + promise.get().namespace() + "/" + promise.get().name();
            add(Kind.PROMISED, range, ip, "an external address that is promised to " + ip);
        } else if (release.isPresent()) {
            String ip = "IP " + release.get().namespace() + "/" + release.get().name();
            add(
                    Kind.COOLING,
                    range,
                    network,
                    "an external address that was given back by " + ip + " at "
                            + release.get().at() + " and is kept for it for a while");
        } else {
            add(Kind.FREE, range, network, "an external address that nobody has");
        }
    }

    private void exposed() {
        for (Exposure exposure : cluster.exposures()) {
            exposure.addresses().stream()
                    .filter(pair ->
                            pair.local().equals(address) && !pair.external().equals(address))
                    .forEach(pair -> add(
                            Kind.EXPOSED,
                            Optional.empty(),
                            exposure.object(),
                            "exposed by " + exposure.object() + " as external address " + pair.external()));
        }
    }

    private void nodes() {
        held(cluster.nodes())
                .ifPresent(node -> add(Kind.NODE, Optional.empty(), node.holder(), "an address of " + node.holder()));
    }

    private void names(Peer peer) {
        peer.pods().behind(address).ifPresent(remap -> name(peer, remap, PeerSide.pod(peer)));
        peer.externals()
                .behind(address)
                .ifPresent(remap -> name(
                        peer,
                        remap,
                        PeerSide.external(peer, remap.from(), remap.inverse().apply(address))));
    }

    private void name(Peer peer, Remap remap, PeerSide there) {
        IpAddress truth = remap.inverse().apply(address);
        found.add(new Meaning(
                there.kind(),
                Optional.of(remap.to()),
                Optional.of("Configuration " + peer.clusterID()),
                Optional.of(peer.clusterID()),
                Optional.of(truth),
                "the name of " + truth + ", " + there.text()));
    }

    /** Blocks that are somebody's although no packet goes there. */
    private void blocks() {
        for (BlockPlan.Claim network : cluster.networks()) {
            if (network.spec().purpose() == NetworkPurpose.Remapped) {
                network.recorded()
                        .filter(block -> block.contains(address))
                        .ifPresent(block ->
                                add(Kind.HELD, block, "Network " + network.name(), "part of " + block + kept(network)));
            } else {
                ranges(network.spec().cidr())
                        .forEach(range -> add(
                                Kind.RESERVED,
                                range,
                                "Network " + network.name(),
                                "part of " + range + ", which Network " + network.name() + " takes for purpose "
                                        + network.spec().purpose()));
            }
        }
        cluster.intents()
                .forEach(intent -> ranges(intent.cidr())
                        .forEach(block -> add(
                                Kind.HELD,
                                block,
                                "Pool " + ObjectNames.POOL,
                                "part of " + block + ", which is promised to" + whose(intent.owner()))));
    }

    private String kept(BlockPlan.Claim network) {
        OwnerReference owner = network.spec().owner();
        if (owner == null) {
            return ", which Network " + network.name() + " records without saying for whom";
        }
        boolean lives = cluster.peer(owner.clusterID()).isPresent();
        return ", which is granted to" + whose(owner)
                + (lives
                        ? ", but is no name that the gateway knows now"
                        : "; that has no Peering any more, and the block is kept for it for a while");
    }

    private static String whose(OwnerReference owner) {
        return " the " + owner.role() + " CIDR " + owner.cidr() + " of " + owner.clusterID();
    }

    private void pool() {
        PoolSpec pool = cluster.pool().orElse(new PoolSpec(List.of(), List.of()));
        List<Cidr> ranges = pool.cidrs().stream().flatMap(this::ranges).toList();
        String object = "Pool " + ObjectNames.POOL;
        pool.reserved().stream()
                .flatMap(this::ranges)
                .findFirst()
                .ifPresent(range -> add(
                        Kind.RESERVED,
                        range,
                        object,
                        "part of " + range + ", which " + object + " keeps from being granted"));
        cluster.own().routes().stream()
                .filter(route -> route.cidr().contains(address))
                .max(Comparator.comparingInt(route -> route.cidr().prefixLength()))
                .ifPresent(route -> add(
                        Kind.ROUTE,
                        route.cidr(),
                        GATEWAY_OBJECT,
                        "reached by a " + route.holder()
                                + (ranges.isEmpty() || !route.isAvoided(ranges)
                                        ? ""
                                        : "; new names keep clear of " + route.cidr())));
        if (found.isEmpty() && !ranges.isEmpty()) {
            Cidr range = ranges.getFirst();
            add(Kind.IN_POOL, range, object, "free: part of " + range + ", from which " + object + " grants names");
        }
        if (found.isEmpty()) {
            add(Kind.FOREIGN, "none of the addresses that Hawser knows");
        }
    }

    /** The range of this text, if it can be read and holds the address. */
    private Stream<Cidr> ranges(String text) {
        try {
            return ranges(List.of(Cidr.parse(text)));
        } catch (AddressException editedByHand) {
            return Stream.empty();
        }
    }

    private Stream<Cidr> ranges(List<Cidr> ranges) {
        return ranges.stream().filter(range -> range.contains(address));
    }

    private Optional<Reservation> held(List<Reservation> hosts) {
        return hosts.stream().filter(host -> host.cidr().contains(address)).findFirst();
    }

    private void add(Kind kind, String text) {
        found.add(new Meaning(kind, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), text));
    }

    private void add(Kind kind, Cidr range, String object, String text) {
        add(kind, Optional.of(range), object, text);
    }

    private void add(Kind kind, Optional<Cidr> range, String object, String text) {
        found.add(new Meaning(kind, range, Optional.of(object), Optional.empty(), Optional.empty(), text));
    }
}
