// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.path.PeerLane;
import dev.hawser.tunnel.port.ProbePort;
import dev.hawser.tunnel.probe.HealthReport;
import dev.hawser.tunnel.probe.PeerHealth;
import dev.hawser.tunnel.probe.ProbeKey;
import dev.hawser.tunnel.probe.ProbeMessage;
import dev.hawser.tunnel.route.Routes;
import dev.hawser.tunnel.session.StaticKeys;
import dev.hawser.tunnel.session.TransportSession;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
 * <p>The gateway address is put on the device by somebody else, at any time; so opening the socket is tried again until it works.
 */
final class Probing {
    private static final Logger LOG = LoggerFactory.getLogger(Probing.class);
    private static final long RETRY = 1_000_000_000L;

    /** The static keys that a session was made with. */
    private record KeyPair(PublicKey own, PublicKey peer) {}

    /** One peer: where its gateway is in the local view, the keys for every pair of static ones, and what is known of it. */
    private record Target(IpAddress gateway, Map<KeyPair, ProbeKey> keys, PeerHealth health) {
        /**
         * The key to prove a probe with: that of the session it will travel in, because the peer may know only one of two static
         * keys any more, or yet.
         */
        Optional<ProbeKey> keyFor(@Nullable TransportSession session) {
            return Optional.ofNullable(session)
                    .map(used ->
                            new KeyPair(used.ownKey(), used.peer().settings().publicKey()))
                    .map(keys::get)
                    .or(() -> keys.values().stream().findFirst());
        }
    }

    private final ProbePort.Opener opener;
    private final RandomGenerator random;
    private final ControlThread control;
    private final Map<String, Target> targets = new HashMap<>();
    private final Map<IpAddress, Target> byGateway = new HashMap<>();
    private @Nullable IpAddress local;
    private @Nullable ProbePort port;
    private long nextTry;

    Probing(ProbePort.Opener opener, RandomGenerator random, ControlThread control) {
        this.opener = opener;
        this.random = random;
        this.control = control;
    }

    /** Follows a configuration; the health of peers that stay is kept. */
    void configure(TunnelConfig config, long now) {
        IpAddress gateway =
                config.local().gatewayAddresses().stream().findFirst().orElse(null);
        if (gateway == null || !gateway.equals(local)) {
            close();
            local = gateway;
            nextTry = now;
        }
        Map<String, PeerHealth> known = new HashMap<>();
        targets.forEach((id, target) -> known.put(id, target.health()));
        targets.clear();
        byGateway.clear();
        for (PeerConfig peer : config.peers()) {
            if (!peer.externalRanges().isEmpty()) {
                PeerHealth health = known.getOrDefault(peer.id(), new PeerHealth(random.nextLong(), now));
                Target target = new Target(gatewayOf(peer), keys(config.keys(), peer), health);
                targets.put(peer.id(), target);
                byGateway.put(target.gateway(), target);
            }
        }
    }

    private static IpAddress gatewayOf(PeerConfig peer) {
        Remap range = peer.externalRanges().getFirst();
        return range.apply(range.from().firstUsable());
    }

    private static Map<KeyPair, ProbeKey> keys(StaticKeys ours, PeerConfig peer) {
        Map<KeyPair, ProbeKey> keys = new LinkedHashMap<>();
        for (PrivateKey own : ours.all()) {
            for (PublicKey theirs : peer.publicKeys()) {
                ProbeKey.between(own, theirs).ifPresent(key -> keys.put(new KeyPair(own.publicKey(), theirs), key));
            }
        }
        return keys;
    }

    /**
     * Sends what is due.
     *
     * @param lanes by cluster ID, where probes travel
     * @return those of peers that are not connected, whenever a probe to one was due
     */
    List<PeerLane> tick(Map<String, PeerLane> lanes, long now) {
        openIfDue(now);
        List<PeerLane> lost = new ArrayList<>();
        targets.forEach((id, target) -> target.health().tick(now).ifPresent(probe -> {
            PeerLane lane = lanes.get(id);
            if (lane != null) {
                send(target, lane.sending(now), probe);
                if (target.health().isLost()) {
                    lost.add(lane);
                }
            }
        }));
        return lost;
    }

    private void openIfDue(long now) {
        IpAddress address = local;
        if (port != null || address == null || now - nextTry < 0) {
            return;
        }
        nextTry = now + RETRY;
        try {
            port = opener.open(
                    address, Routes.PROBE_PORT, (from, bytes, at) -> control.offer(() -> received(from, bytes, at)));
            LOG.info("probes leave from {}", address);
        } catch (IOException notYet) {
            LOG.debug("cannot probe from {} yet: {}", address, notYet.getMessage());
        }
    }

    private void send(Target target, @Nullable TransportSession session, ProbeMessage probe) {
        ProbePort open = port;
        if (open != null) {
            target.keyFor(session).ifPresent(key -> open.send(target.gateway(), probe.sealed(key)));
        }
    }

    /** Takes a datagram from the probe port: counts a reply, answers a request, ignores everything else. */
    private void received(IpAddress from, byte[] bytes, long now) {
        Target target = byGateway.get(from);
        if (target == null) {
            return;
        }
        for (ProbeKey key : target.keys().values()) {
            Optional<ProbeMessage> message = ProbeMessage.opened(bytes, key);
            if (message.isPresent()) {
                follow(target, key, message.get(), now);
                return;
            }
        }
    }

    private void follow(Target target, ProbeKey key, ProbeMessage message, long now) {
        switch (message.kind()) {
            case REPLY -> target.health().received(message, now);
            case REQUEST -> {
                ProbePort open = port;
                if (open != null) {
                    open.send(target.gateway(), message.reply().sealed(key));
                }
            }
        }
    }

    /** What is known of every peer. */
    Map<String, HealthReport> reports(long now) {
        Map<String, HealthReport> reports = new HashMap<>();
        targets.forEach((id, target) -> reports.put(id, target.health().report(now)));
        return Map.copyOf(reports);
    }

    void close() {
        ProbePort open = port;
        if (open != null) {
            open.close();
            port = null;
        }
    }
}
