// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.path.PeerLane;
import dev.hawser.tunnel.port.ProbePort;
import dev.hawser.tunnel.port.UdpPort;
import dev.hawser.tunnel.probe.ProbeKey;
import dev.hawser.tunnel.probe.ProbeMessage;
import dev.hawser.tunnel.probe.ProbePacket;
import dev.hawser.tunnel.probe.RoundTrips;
import dev.hawser.tunnel.route.Routes;
import dev.hawser.tunnel.session.TransportSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Probes every peer and answers its probes. Confined to the control thread.
 *
 * <p>Two kinds. Small ones, through kernel sockets, the device and both remaps, tell whether the peer is connected. Probes of a
 * size, which go past the device so that the datagram around them can be kept from being fragmented, tell the path's MTU.
 */
final class Probing {
    private static final Logger LOG = LoggerFactory.getLogger(Probing.class);
    private static final long RETRY = 1_000_000_000L;

    /** Sends an inner packet to a peer in one datagram that nobody on the way may fragment. */
    @FunctionalInterface
    interface Whole {
        UdpPort.Outcome send(TransportSession session, byte[] packet);
    }

    /**
     * The socket of one family. The gateway address is put on the device by somebody else, at any time, and may be taken off
     * again; so opening it is tried until it works.
     */
    private static final class Socket {
        private final IpAddress address;
        private @Nullable ProbePort port;
        private long nextTry;

        Socket(IpAddress address, long now) {
            this.address = address;
            this.nextTry = now;
        }

        void send(IpAddress to, byte[] message) {
            ProbePort open = port;
            if (open != null) {
                open.send(to, message);
            }
        }

        void close() {
            ProbePort open = port;
            if (open != null) {
                open.close();
                port = null;
            }
        }
    }

    private final ProbePort.Opener opener;
    private final RandomGenerator random;
    private final ControlThread control;
    private final Whole whole;
    private final int largest;
    private final Curve25519 curve;
    private final Map<String, ProbeTarget> targets = new HashMap<>();
    private volatile Map<String, RoundTrips> roundTrips = Map.of();
    private final Map<IpAddress, ProbeTarget> byGateway = new HashMap<>();
    private final Map<Family, Socket> sockets = new EnumMap<>(Family.class);

    /** @param whole sends probes of a size */
    Probing(EngineParts parts, ControlThread control, Whole whole) {
        this.opener = parts.probes();
        this.random = parts.random();
        this.largest = parts.mtu();
        this.curve = parts.curve();
        this.control = control;
        this.whole = whole;
    }

    /** Follows a configuration; the health of peers that stay is kept. */
    void configure(TunnelConfig config, long now) {
        Map<Family, IpAddress> wanted = new EnumMap<>(Family.class);
        config.local().gatewayAddresses().forEach(address -> wanted.putIfAbsent(address.family(), address));
        for (Family family : Family.values()) {
            Socket socket = sockets.get(family);
            IpAddress address = wanted.get(family);
            if (socket != null && !socket.address.equals(address)) {
                socket.close();
                sockets.remove(family);
            }
            if (address != null) {
                sockets.computeIfAbsent(family, fresh -> new Socket(address, now));
            }
        }
        Map<String, RoundTrips> trips = new HashMap<>();
        Map<String, ProbeTarget> known = Map.copyOf(targets);
        targets.clear();
        byGateway.clear();
        for (PeerConfig peer : config.peers()) {
            ProbeTarget target = new ProbeTarget(config, peer, known.get(peer.id()), largest, curve, random, now);
            if (!target.ways().isEmpty()) {
                targets.put(peer.id(), target);
                trips.put(peer.id(), target.roundTrips());
                target.ways().values().forEach(way -> byGateway.put(way.local(), target));
            }
        }
        roundTrips = Map.copyOf(trips);
    }

    /**
     * Sends what is due.
     *
     * @param lanes by cluster ID, where probes travel
     * @return those of peers that are not connected, whenever a probe to one was due
     */
    List<PeerLane> tick(Map<String, PeerLane> lanes, long now) {
        sockets.values().forEach(socket -> openIfDue(socket, now));
        List<PeerLane> lost = new ArrayList<>();
        targets.forEach((id, target) -> {
            PeerLane lane = lanes.get(id);
            if (lane != null) {
                TransportSession session = lane.sending(now);
                if (probe(target, session, now) && target.isLost()) {
                    lost.add(lane);
                }
                measure(target, session, now);
                lane.mtu(target.search().mtu());
            }
        });
        return lost;
    }

    /**
     * Sends the small probes that are due; returns whether there were any. Without a session they would only wait in the queue
     * for one, and be lost there: they count as lost without being sent.
     */
    private boolean probe(ProbeTarget target, @Nullable TransportSession session, long now) {
        boolean due = false;
        for (Map.Entry<Family, ProbeTarget.Way> way : target.ways().entrySet()) {
            Optional<ProbeMessage> probe = way.getValue().health().tick(now);
            Socket socket = sockets.get(way.getKey());
            if (probe.isPresent()) {
                due = true;
                if (socket != null && session != null) {
                    target.keyFor(session)
                            .ifPresent(key -> socket.send(
                                    way.getValue().local(), probe.get().sealed(key)));
                }
            }
        }
        return due;
    }

    private void measure(ProbeTarget target, @Nullable TransportSession session, long now) {
        target.follow(session, now);
        if (session == null || !target.isSearchable() || !target.search().isDue(now)) {
            return;
        }
        Optional<ProbeKey> key = target.keyFor(session);
        Map.Entry<Family, ProbeTarget.Way> way =
                target.ways().entrySet().iterator().next();
        Socket socket = sockets.get(way.getKey());
        if (socket == null || key.isEmpty()) {
            return;
        }
        long patience = target.patience(now);
        boolean steady = way.getValue().health().isSteady(patience, now);
        for (ProbeMessage probe : target.search().tick(patience, steady, now)) {
            byte[] packet = ProbePacket.of(
                    socket.address, way.getValue().remote(), Routes.PROBE_PORT, probe.size(), probe.sealed(key.get()));
            if (whole.send(session, packet) == UdpPort.Outcome.TOO_LARGE) {
                target.search().cannotLeave(probe);
            }
        }
    }

    private void openIfDue(Socket socket, long now) {
        if (socket.port != null || now - socket.nextTry < 0) {
            return;
        }
        socket.nextTry = now + RETRY;
        try {
            socket.port = opener.open(
                    socket.address,
                    Routes.PROBE_PORT,
                    (from, bytes, at) -> control.offer(() -> received(from, bytes, at)));
            LOG.info("probes leave from {}", socket.address);
        } catch (IOException notYet) {
            LOG.debug("cannot probe from {} yet: {}", socket.address, notYet.getMessage());
        }
    }

    /** Takes a datagram from the probe port: counts a reply, answers a request, ignores everything else. */
    private void received(IpAddress from, byte[] bytes, long now) {
        ProbeTarget target = byGateway.get(from);
        if (target == null) {
            return;
        }
        for (ProbeKey key : target.keys()) {
            Optional<ProbeMessage> message = ProbeMessage.opened(bytes, key);
            if (message.isPresent()) {
                follow(target, from, key, message.get(), bytes.length, now);
                return;
            }
        }
    }

    private void follow(ProbeTarget target, IpAddress from, ProbeKey key, ProbeMessage message, int length, long now) {
        switch (message.kind()) {
            case REPLY ->
                Optional.ofNullable(target.ways().get(from.family()))
                        .ifPresent(way -> way.health().received(message, now));
            case SIZE_REPLY -> target.search().received(message, now);
            case REQUEST -> answer(from, key, message);
            case SIZE_REQUEST -> {
                if (length == ProbePacket.payload(from.family(), message.size())) {
                    answer(from, key, message);
                }
            }
        }
    }

    private void answer(IpAddress to, ProbeKey key, ProbeMessage request) {
        Socket socket = sockets.get(to.family());
        if (socket != null) {
            socket.send(to, request.reply().sealed(key));
        }
    }

    /** How long probes took, by cluster ID. Safe for any thread. */
    Map<String, RoundTrips> roundTrips() {
        return roundTrips;
    }

    /** What is known of every peer. */
    Map<String, ProbeReport> reports(long now) {
        Map<String, ProbeReport> reports = new HashMap<>();
        targets.forEach((id, target) -> reports.put(id, target.report(now)));
        return Map.copyOf(reports);
    }

    void close() {
        sockets.values().forEach(Socket::close);
    }
}
