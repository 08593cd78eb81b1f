// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import dev.hawser.ipam.address.Family;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An immutable snapshot of every rule of the data path.
 *
 * <p>Egress looks up the <em>local-view</em> destination, which is unique, and learns the peer and the rewrite from it. Ingress
 * knows the peer from the key that opened the packet and looks up the <em>true</em> source in the ranges of that one peer. So
 * the same true prefix may stand at any number of peers, and here as well. Safe for any thread; no method allocates.
 */
public final class Routes {
    /** Destination port of probes on every gateway address. */
    public static final int PROBE_PORT = 51_821;

    private static final int UDP = Protocol.UDP.number();

    /** Where a local-view prefix leads. */
    record Destination(PeerRoutes peer, AddressRewrite rewrite) {}

    private final PrefixTable<Destination> destinations;
    private final PrefixTable<LocalAddress> localSources;
    private final PrefixTable<LocalAddress> localDestinations;
    private final List<PeerRoutes> peers;
    private final RouteProblems problems;

    Routes(
            PrefixTable<Destination> destinations,
            PrefixTable<LocalAddress> localSources,
            PrefixTable<LocalAddress> localDestinations,
            List<PeerRoutes> peers,
            RouteProblems problems) {
        this.destinations = destinations;
        this.localSources = localSources;
        this.localDestinations = localDestinations;
        this.peers = List.copyOf(peers);
        this.problems = problems;
    }

    /** Routes that forward nothing: the state before any configuration. */
    public static Routes none() {
        return compile(new LocalSide(List.of(), List.of(), List.of()), List.of());
    }

    /**
     * Compiles configuration. What contradicts itself is left out and reported in {@link #problems}, never thrown: one
     * wrong object must not stop the others.
     */
    public static Routes compile(LocalSide local, List<PeerRanges> peers) {
        return new RoutesCompiler(local, peers).compile();
    }

    /** The peers by {@link PeerRoutes#index}, sorted by cluster ID. */
    public List<PeerRoutes> peers() {
        return peers;
    }

    /** What was left out and why. */
    public RouteProblems problems() {
        return problems;
    }

    /**
     * Decides on a packet that leaves this cluster.
     *
     * @param packet its headers as sent here
     * @param quoted headers of the packet an ICMP error quotes, or null for any other packet
     * @param verdict receives the outcome
     */
    public void egress(PacketHeaders packet, @Nullable PacketHeaders quoted, Verdict verdict) {
        verdict.reset();
        Destination destination = destinations.find(packet.family(), packet.destinationHigh(), packet.destinationLow());
        if (destination == null) {
            verdict.dropped(packet.isOfOneLink() ? DropReason.LINK_SCOPED : DropReason.NO_ROUTE);
            return;
        }
        verdict.belongsTo(destination.peer());
        LocalAddress source = localSources.find(packet.family(), packet.sourceHigh(), packet.sourceLow());
        if (source == null) {
            verdict.dropped(DropReason.SOURCE_NOT_EXPORTED);
            return;
        }
        if (source instanceof LocalAddress.Gateway && !isForGateway(packet)) {
            verdict.dropped(DropReason.NOT_FOR_GATEWAY);
            return;
        }
        verdict.rewrite(source.rewrite(), destination.rewrite());
        if (quoted != null) {
            egressQuoted(quoted, destination.peer(), verdict);
        }
    }

    /** The quoted packet came from the peer, so it reads backwards: its source is the peer's, its destination ours. */
    private void egressQuoted(PacketHeaders quoted, PeerRoutes peer, Verdict verdict) {
        Destination from = destinations.find(quoted.family(), quoted.sourceHigh(), quoted.sourceLow());
        LocalAddress to = localSources.find(quoted.family(), quoted.destinationHigh(), quoted.destinationLow());
        if (from == null || from.peer() != peer || to == null) {
            verdict.dropped(DropReason.QUOTE_FOREIGN);
            return;
        }
        verdict.rewriteQuoted(from.rewrite(), to.rewrite());
    }

    /**
     * Decides on a packet that arrives from a peer.
     *
     * @param peer the peer whose key opened it, out of this very snapshot
     * @param packet its headers as sent there
     * @param quoted headers of the packet an ICMP error quotes, or null for any other packet
     * @param verdict receives the outcome
     */
    public void ingress(PeerRoutes peer, PacketHeaders packet, @Nullable PacketHeaders quoted, Verdict verdict) {
        verdict.reset();
        verdict.belongsTo(peer);
        AddressRewrite source = peer.toLocalView(packet.family(), packet.sourceHigh(), packet.sourceLow());
        if (source == null) {
            verdict.dropped(DropReason.SOURCE_NOT_OF_PEER);
            return;
        }
        LocalAddress destination = localDestination(packet.family(), packet.destinationHigh(), packet.destinationLow());
        if (destination == null) {
            verdict.dropped(DropReason.DESTINATION_NOT_EXPOSED);
            return;
        }
        DropReason refused = admission(destination, peer, packet, quoted);
        if (refused != null) {
            verdict.dropped(refused);
            return;
        }
        verdict.rewrite(source, destination.rewrite());
        if (quoted != null) {
            ingressQuoted(quoted, peer, verdict);
        }
    }

    private void ingressQuoted(PacketHeaders quoted, PeerRoutes peer, Verdict verdict) {
        LocalAddress from = localDestination(quoted.family(), quoted.sourceHigh(), quoted.sourceLow());
        AddressRewrite to = peer.toLocalView(quoted.family(), quoted.destinationHigh(), quoted.destinationLow());
        if (from == null || to == null) {
            verdict.dropped(DropReason.QUOTE_FOREIGN);
            return;
        }
        verdict.rewriteQuoted(from.rewrite(), to);
    }

    private @Nullable LocalAddress localDestination(Family family, long high, long low) {
        return localDestinations.find(family, high, low);
    }

    private static @Nullable DropReason admission(
            LocalAddress destination, PeerRoutes peer, PacketHeaders packet, @Nullable PacketHeaders quoted) {
        return switch (destination) {
            case LocalAddress.Pod ignored -> null;
            case LocalAddress.Gateway ignored -> isForGateway(packet) ? null : DropReason.NOT_FOR_GATEWAY;
            case LocalAddress.Exposed exposed -> admission(exposed, peer, packet, quoted);
        };
    }

    /** An ICMP error passes the filter if the packet it quotes was an answer from a port the filter lets through. */
    private static @Nullable DropReason admission(
            LocalAddress.Exposed exposed, PeerRoutes peer, PacketHeaders packet, @Nullable PacketHeaders quoted) {
        if (!exposed.exposure().isGrantedTo(peer.id())) {
            return DropReason.EXPOSURE_NOT_GRANTED;
        }
        boolean admitted = quoted == null
                ? exposed.admits(packet.protocol(), packet.destinationPort(), packet.isLaterFragment())
                : exposed.admits(quoted.protocol(), quoted.sourcePort(), quoted.isLaterFragment());
        return admitted ? null : DropReason.PORT_FILTERED;
    }

    private static boolean isForGateway(PacketHeaders packet) {
        return packet.isIcmp() || (packet.protocol() == UDP && packet.destinationPort() == PROBE_PORT);
    }

    /** The snapshot's entry for a cluster ID, or null; for tracing, not for the packet path. */
    public @Nullable PeerRoutes peer(String id) {
        for (PeerRoutes peer : peers) {
            if (peer.id().equals(id)) {
                return peer;
            }
        }
        return null;
    }
}
