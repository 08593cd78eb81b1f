// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.explain;

import dev.hawser.controller.explain.Explanation.Inbound;
import dev.hawser.controller.explain.Explanation.Meaning;
import dev.hawser.controller.plan.ClusterObjects;
import dev.hawser.controller.plan.ClusterObjects.Exposure;
import dev.hawser.controller.plan.ClusterObjects.Peer;
import dev.hawser.controller.plan.ExposedAddress;
import dev.hawser.controller.plan.IpPlan;
import dev.hawser.controller.plan.RangeNames;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** How each peer reaches what an address is here. */
final class Inbounds {
    private final ClusterObjects cluster;
    private final IpAddress address;
    private final List<Meaning> here;

    private Inbounds(ClusterObjects cluster, IpAddress address, List<Meaning> here) {
        this.cluster = cluster;
        this.address = address;
        this.here = here;
    }

    static List<Inbound> of(ClusterObjects cluster, IpAddress address, List<Meaning> here) {
        Inbounds inbounds = new Inbounds(cluster, address, here);
        return cluster.peers().stream()
                .sorted(Comparator.comparing(Peer::clusterID))
                .flatMap(peer -> inbounds.of(peer).stream())
                .toList();
    }

    private Optional<Inbound> of(Peer peer) {
        if (cluster.own().isPod(address)) {
            return Optional.of(named(peer, peer.ourPods(), address, ""));
        }
        Optional<Way> exposure = exposure();
        if (exposure.isPresent()) {
            return Optional.of(exposed(peer, exposure.get()));
        }
        if (is(Kind.GATEWAY)) {
            return Optional.of(named(peer, peer.ourExternals(), address, ", probes and ICMP only"));
        }
        if (cluster.own().externalCidrOf(address).isPresent()) {
            return Optional.of(no(peer, "nothing is exposed there"));
        }
        Optional<Meaning> name =
                here.stream().filter(meaning -> meaning.peer().isPresent()).findFirst();
        if (name.isPresent()) {
            return Optional.of(ofName(peer, name.get()));
        }
        return is(Kind.SERVICE) || is(Kind.NODE)
                ? Optional.of(no(peer, "it is not exposed; an IP object for it would give it an external address"))
                : Optional.empty();
    }

    private boolean is(Kind kind) {
        return here.stream().anyMatch(meaning -> meaning.kind() == kind);
    }

    /** An IP with one pair of its addresses. */
    private record Way(Exposure ip, ExposedAddress pair) {
        boolean isOpen() {
            return ip.closed().isEmpty() && !pair.local().equals(pair.external());
        }
    }

    /** The IP that this is an address of; of several, which takes somebody's hand, one that lets anybody through. */
    private Optional<Way> exposure() {
        return cluster.exposures().stream()
                .flatMap(ip -> ip.addresses().stream().map(pair -> new Way(ip, pair)))
                .filter(way -> way.pair().local().equals(address)
                        || way.pair().external().equals(address))
                .min(Comparator.comparing(way -> !way.isOpen()));
    }

    private static Inbound exposed(Peer peer, Way way) {
        String object = way.ip().object();
        Optional<String> closed = way.ip().closed();
        if (closed.isPresent()) {
            return no(peer, object + " lets nobody through: " + closed.get());
        }
        if (!way.isOpen()) {
            return no(
                    peer,
                    "the target of " + object + " is away"
                            + way.ip().readiness().map(why -> ": " + why).orElse(""));
        }
        if (!IpPlan.admits(way.ip().spec(), peer.clusterID())) {
            return no(peer, object + " does not admit it in spec.peers");
        }
        String ports = PeerSide.ports(way.ip().spec().ports());
        return named(peer, peer.ourExternals(), way.pair().external(), ", which is " + object + ports);
    }

    private static Inbound ofName(Peer peer, Meaning name) {
        return name.peer().equals(Optional.of(peer.clusterID()))
                ? new Inbound(peer.clusterID(), name.truth(), "its own true address")
                : no(peer, "not through us: traffic between two peers goes between those two");
    }

    /** By the name that the peer tells us it has for our range: the remap that its gateway applies. */
    private static Inbound named(Peer peer, Optional<RangeNames> names, IpAddress truth, String addition) {
        if (names.isEmpty()) {
            return no(peer, "it has not told us yet how it names our ranges");
        }
        Optional<Remap> remap = names.get().covering(truth);
        return remap.map(known -> new Inbound(
                        peer.clusterID(),
                        Optional.of(known.apply(truth)),
                        "it names our " + known.from() + " " + known.to() + addition + PeerSide.trouble(peer)))
                .orElseGet(() -> no(peer, "it has no name for the range of " + truth));
    }

    private static Inbound no(Peer peer, String why) {
        return new Inbound(peer.clusterID(), Optional.empty(), why);
    }
}
