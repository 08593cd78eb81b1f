// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.UdpPort;
import dev.hawser.tunnel.route.PeerRoutes;
import dev.hawser.tunnel.route.Routes;
import dev.hawser.tunnel.session.PeerSession;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything the loops work by during one batch. Immutable; published as a whole.
 *
 * <p>Whose key opened a packet is resolved here and not in the session: a session outlives configuration, its rights must not.
 */
public final class PathSnapshot {
    /** A peer as this snapshot sees it. */
    record PeerPath(PeerLane lane, PeerRoutes routes) {}

    private final Routes routes;
    private final UdpPort udp;
    private final List<PeerLane> lanes;
    private final IdentityHashMap<PeerSession, PeerPath> bySession = new IdentityHashMap<>();

    /**
     * Joins routes and lanes.
     *
     * @param routes the rules
     * @param udp where datagrams go out and come in
     * @param lanes one for each peer of the routes, with its sessions set
     */
    public PathSnapshot(Routes routes, UdpPort udp, Map<String, PeerLane> lanes) {
        this.routes = routes;
        this.udp = udp;
        List<PeerLane> ordered = new ArrayList<>();
        for (PeerRoutes peer : routes.peers()) {
            PeerLane lane = lanes.get(peer.id());
            if (lane == null) {
                throw new IllegalArgumentException("no lane for peer " + peer.id());
            }
            ordered.add(lane);
            lane.sessions().forEach(session -> bySession.put(session, new PeerPath(lane, peer)));
        }
        this.lanes = List.copyOf(ordered);
    }

    private PathSnapshot(PathSnapshot same, UdpPort udp) {
        this.routes = same.routes;
        this.udp = udp;
        this.lanes = same.lanes;
        this.bySession.putAll(same.bySession);
    }

    /** The same rules and peers behind other sockets. */
    public PathSnapshot with(UdpPort other) {
        return new PathSnapshot(this, other);
    }

    Routes routes() {
        return routes;
    }

    UdpPort udp() {
        return udp;
    }

    PeerLane lane(PeerRoutes peer) {
        return lanes.get(peer.index());
    }

    /** The peer a session belongs to, or null when it has been removed. */
    @Nullable
    PeerPath pathOf(PeerSession session) {
        return bySession.get(session);
    }
}
