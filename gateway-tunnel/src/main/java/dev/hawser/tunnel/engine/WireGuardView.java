// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.path.PathTotals;
import dev.hawser.tunnel.path.PeerLane;
import dev.hawser.tunnel.session.PeerSession;
import dev.hawser.tunnel.uapi.DeviceView;
import dev.hawser.tunnel.wire.Transport;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** The tunnel in the terms of {@code wg}: true ranges, and bytes with what WireGuard adds to a packet. Pure. */
final class WireGuardView {
    private final long nanos;
    private final Instant wall;

    /** A view at a moment, by both clocks. */
    WireGuardView(long nanos, Instant wall) {
        this.nanos = nanos;
        this.wall = wall;
    }

    DeviceView of(TunnelConfig config, Map<String, PeerLane> lanes, List<Integer> listenPorts) {
        List<DeviceView.Peer> peers = new ArrayList<>();
        for (PeerConfig peer : config.peers()) {
            PeerLane lane = lanes.get(peer.id());
            if (lane != null) {
                Optional<PeerSession> latest = StatusView.latest(lane);
                lane.sessions().forEach(session -> peers.add(peer(peer, lane, session, latest)));
            }
        }
        return new DeviceView(config.keys().initiating(), listenPorts.getFirst(), peers);
    }

    /** Bytes are counted for the peer, not for each of its keys; they are shown with the one in use. */
    private DeviceView.Peer peer(PeerConfig peer, PeerLane lane, PeerSession session, Optional<PeerSession> latest) {
        boolean used = latest.filter(session::equals).isPresent();
        List<Cidr> ranges = Stream.concat(peer.podRanges().stream(), peer.externalRanges().stream())
                .map(Remap::from)
                .toList();
        return new DeviceView.Peer(
                session.settings().publicKey(),
                peer.presharedKey(),
                Optional.ofNullable(session.endpoint()),
                !session.settings().endpoints().isEmpty(),
                handshake(session),
                used ? carried(lane.received()) : 0,
                used ? carried(lane.sent()) : 0,
                peer.persistentKeepaliveSeconds(),
                ranges);
    }

    private Optional<Instant> handshake(PeerSession session) {
        OptionalLong at = session.lastHandshakeNanos();
        return at.isEmpty() ? Optional.empty() : Optional.of(wall.minus(Duration.ofNanos(nanos - at.getAsLong())));
    }

    private static long carried(PathTotals totals) {
        return totals.bytes() + Transport.OVERHEAD * totals.packets();
    }
}
