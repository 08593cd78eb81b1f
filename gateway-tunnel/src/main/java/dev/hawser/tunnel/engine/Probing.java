// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.port.ProbePort;
import dev.hawser.tunnel.probe.HealthReport;
import dev.hawser.tunnel.probe.PeerHealth;
import dev.hawser.tunnel.probe.ProbeKey;
import dev.hawser.tunnel.probe.ProbeMessage;
import dev.hawser.tunnel.route.Routes;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
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

    /** One peer: where its gateway is in the local view, its keys, and what is known of it. */
    private record Target(IpAddress gateway, List<ProbeKey> keys, PeerHealth health) {}

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
                Target target = new Target(gatewayOf(peer), keys(config.privateKey(), peer), health);
                targets.put(peer.id(), target);
                byGateway.put(target.gateway(), target);
            }
        }
    }

    private static IpAddress gatewayOf(PeerConfig peer) {
        Remap range = peer.externalRanges().getFirst();
        return range.apply(range.from().firstUsable());
    }

    private static List<ProbeKey> keys(PrivateKey own, PeerConfig peer) {
        return peer.publicKeys().stream()
                .map(key -> ProbeKey.between(own, key))
                .flatMap(Optional::stream)
                .toList();
    }

    /**
     * Sends what is due.
     *
     * @param lost told of each peer that is not connected whenever a probe to it was due
     */
    void tick(long now, Consumer<String> lost) {
        openIfDue(now);
        targets.forEach((id, target) -> target.health().tick(now).ifPresent(probe -> {
            send(target, probe);
            if (target.health().isLost()) {
                lost.accept(id);
            }
        }));
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

    private void send(Target target, ProbeMessage probe) {
        ProbePort open = port;
        if (open != null && !target.keys().isEmpty()) {
            open.send(target.gateway(), probe.sealed(target.keys().getFirst()));
        }
    }

    /** Takes a datagram from the probe port: counts a reply, answers a request, ignores everything else. */
    private void received(IpAddress from, byte[] bytes, long now) {
        Target target = byGateway.get(from);
        if (target == null) {
            return;
        }
        for (ProbeKey key : target.keys()) {
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
