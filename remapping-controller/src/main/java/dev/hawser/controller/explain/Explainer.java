// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.explain;

import dev.hawser.controller.explain.Explanation.Elsewhere;
import dev.hawser.controller.explain.Explanation.Meaning;
import dev.hawser.controller.explain.Explanation.Outbound;
import dev.hawser.controller.plan.ClusterObjects;
import dev.hawser.controller.plan.ClusterObjects.Peer;
import dev.hawser.controller.plan.ExposedAddress;
import dev.hawser.controller.plan.RangeNames;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Says what an address is, and who reaches it how. Pure. */
public final class Explainer {
    private final ClusterObjects cluster;
    private final IpAddress address;

    private Explainer(ClusterObjects cluster, IpAddress address) {
        this.cluster = cluster;
        this.address = address;
    }

    /** Any address of either family; every one has an explanation. */
    public static Explanation explain(ClusterObjects cluster, IpAddress address) {
        return new Explainer(cluster, address).explain();
    }

    private Explanation explain() {
        List<Meaning> here = Meanings.of(cluster, address);
        List<Elsewhere> elsewhere = cluster.peers().stream()
                .sorted(Comparator.comparing(Peer::clusterID))
                .flatMap(peer -> elsewhere(peer).stream())
                .toList();
        return new Explanation(
                cluster.own().clusterID(),
                address,
                here,
                Inbounds.of(cluster, address, here),
                outbound(here.getFirst(), elsewhere),
                elsewhere);
    }

    private Outbound outbound(Meaning first, List<Elsewhere> elsewhere) {
        return switch (first.kind()) {
            case SPECIAL -> nowhere("it is never routed");
            case POD, SERVICE, NODE, EXPOSED -> itself("it is of this cluster, or reached by the nodes' own routes");
            case GATEWAY -> itself("it stands on the gateway's node");
            case EXTERNAL -> target();
            case UNUSABLE, PROMISED, COOLING, FREE -> nowhere("nothing is exposed there");
            case PEER_POD, PEER_EXTERNAL, PEER_GATEWAY -> name(first);
            case PEER_UNUSABLE -> nowhere("nobody has it over there");
            case ROUTE -> itself("by the nodes' own routes; Hawser has none there");
            case HELD, RESERVED, IN_POOL, FOREIGN ->
                nowhere(
                        elsewhere.isEmpty()
                                ? "Hawser has no route there"
                                : "this number is a true address of a peer; use its name here");
        };
    }

    private static Outbound nowhere(String why) {
        return new Outbound(Optional.empty(), Optional.empty(), Optional.empty(), why);
    }

    private Outbound itself(String why) {
        return new Outbound(Optional.of(address), Optional.empty(), Optional.empty(), why);
    }

    /** An external address leads nowhere in its own cluster. */
    private Outbound target() {
        return cluster.exposures().stream()
                .flatMap(exposure -> exposure.addresses().stream())
                .filter(pair -> pair.external().equals(address) && !pair.local().equals(address))
                .map(ExposedAddress::local)
                .findFirst()
                .map(local -> new Outbound(
                        Optional.of(local),
                        Optional.empty(),
                        Optional.empty(),
                        "external addresses are for peers; here its target is dialled"))
                .orElseGet(() -> nowhere("its target is away"));
    }

    private Outbound name(Meaning name) {
        String peerID = name.peer().orElseThrow();
        String trouble = cluster.peer(peerID).map(PeerSide::trouble).orElse("");
        return new Outbound(
                Optional.of(address),
                name.peer(),
                name.truth(),
                "the gateway sends it to " + peerID + ", where it arrives as "
                        + name.truth().orElseThrow() + trouble);
    }

    private List<Elsewhere> elsewhere(Peer peer) {
        List<Elsewhere> all = new ArrayList<>();
        named(peer.pods(), peer.spec().podCIDRs()).forEach(range -> all.add(at(peer, range, PeerSide.pod(peer))));
        named(peer.externals(), peer.spec().externalCIDRs())
                .forEach(range -> all.add(at(peer, range, PeerSide.external(peer, range.truth(), address))));
        // A true range that is its own name says nothing new.
        all.removeIf(same -> same.dial().filter(address::equals).isPresent());
        return all;
    }

    /** A true range of a peer, and what the address is called here because of it. */
    private record TrueRange(Cidr truth, Optional<IpAddress> name) {}

    /** The ranges that the address lies in: those with a name, those that wait for one, and those that the peer has left. */
    private List<TrueRange> named(RangeNames names, List<String> ranges) {
        Optional<Remap> remap = names.covering(address);
        if (remap.isPresent()) {
            IpAddress name = remap.get().apply(address);
            // Packets to the name of a range that was replaced go to the successor.
            boolean leadsHere = names.truthOf(name).filter(address::equals).isPresent();
            return List.of(new TrueRange(remap.get().from(), leadsHere ? Optional.of(name) : Optional.empty()));
        }
        return ranges.stream()
                .flatMap(text -> readable(text).stream())
                .filter(range -> range.contains(address))
                .map(range -> new TrueRange(range, Optional.empty()))
                .toList();
    }

    private static Elsewhere at(Peer peer, TrueRange range, PeerSide there) {
        String left = peer.servedUntil(range.truth())
                .map(until -> ", a range that it has left and that is served until " + until)
                .orElse("");
        String called = range.name()
                .map(name -> "; from here that one is " + name)
                .orElse(left.isEmpty() ? "; it has no name here yet" : "; no name leads there any more");
        return new Elsewhere(
                peer.clusterID(),
                there.kind(),
                range.truth(),
                range.name(),
                "in " + peer.clusterID() + " this number is " + there.text() + ", in " + range.truth() + left + called);
    }

    private static Optional<Cidr> readable(String text) {
        try {
            return Optional.of(Cidr.parse(text));
        } catch (AddressException editedByHand) {
            return Optional.empty();
        }
    }
}
