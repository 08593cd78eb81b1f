// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.tunnel.engine.PeerStatus;
import dev.hawser.tunnel.engine.TunnelStatus;
import dev.hawser.tunnel.probe.RoundTrips;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.session.HandshakeDrop;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/**
 * The tunnel as metrics: {@code hawser_gateway_peer_*} with the label {@code peer}, and {@code hawser_gateway_drops_total}
 * with {@code peer} and {@code reason}, where an empty peer stands for packets of none, {@code
 * hawser_gateway_handshake_drops_total} with {@code reason}, and {@code hawser_gateway_queue_reads_total} with {@code queue} and {@code
 * direction}. Bytes and packets are inner ones.
 * Read when it is scraped. Safe for any thread.
 */
final class GatewayMetrics {
    private static final String PREFIX = "hawser.gateway.";
    private static final List<Double> QUANTILES = List.of(0.5, 0.9, 0.99, 0.999, 1.0);

    private final PrometheusMeterRegistry registry;
    private final Map<String, Peer> peers = new HashMap<>();
    private final Drops unowned;
    private final Map<HandshakeDrop, AtomicLong> handshakeDrops = new EnumMap<>(HandshakeDrop.class);
    private final Map<Tags, AtomicLong> queueReads = new HashMap<>();

    GatewayMetrics(PrometheusMeterRegistry registry) {
        this.registry = registry;
        this.unowned = new Drops("");
    }

    /** This state in Prometheus' words; peers that are gone vanish. */
    synchronized String scrape(TunnelStatus status, Map<String, RoundTrips> roundTrips) {
        update(status, roundTrips);
        return registry.scrape();
    }

    private void update(TunnelStatus status, Map<String, RoundTrips> roundTrips) {
        Set<String> present = new HashSet<>();
        for (PeerStatus peer : status.peers()) {
            present.add(peer.id());
            peers.computeIfAbsent(peer.id(), id -> new Peer(peer))
                    .show(peer, Optional.ofNullable(roundTrips.get(peer.id())));
        }
        peers.entrySet().removeIf(entry -> {
            boolean gone = !present.contains(entry.getKey());
            if (gone) {
                entry.getValue().remove();
            }
            return gone;
        });
        unowned.show(status.drops());
        status.handshakeDrops()
                .forEach((reason, count) -> handshakeDrops(reason).set(count));
        for (int i = 0; i < status.queues().size(); i++) {
            TunnelStatus.Queue queue = status.queues().get(i);
            queueReads(i, "egress").set(queue.egressReads());
            queueReads(i, "ingress").set(queue.ingressReads());
        }
    }

    private AtomicLong queueReads(int queue, String direction) {
        return queueReads.computeIfAbsent(Tags.of("queue", String.valueOf(queue), "direction", direction), fresh -> {
            AtomicLong count = new AtomicLong();
            FunctionCounter.builder(PREFIX + "queue.reads", count, AtomicLong::get)
                    .tags(fresh)
                    .register(registry);
            return count;
        });
    }

    private AtomicLong handshakeDrops(HandshakeDrop reason) {
        return handshakeDrops.computeIfAbsent(reason, fresh -> {
            AtomicLong count = new AtomicLong();
            FunctionCounter.builder(PREFIX + "handshake.drops", count, AtomicLong::get)
                    .tag("reason", fresh.label())
                    .register(registry);
            return count;
        });
    }

    private final class Peer {
        private final List<Meter> meters = new ArrayList<>();
        private final Drops drops;
        private volatile PeerStatus status;
        private volatile Optional<RoundTrips> roundTrips = Optional.empty();

        Peer(PeerStatus first) {
            status = first;
            drops = new Drops(first.id());
            count("peer.rx.bytes", traffic -> traffic.rxBytes());
            count("peer.tx.bytes", traffic -> traffic.txBytes());
            count("peer.rx.packets", traffic -> traffic.rxPackets());
            count("peer.tx.packets", traffic -> traffic.txPackets());
            gauge("peer.connected", peer -> peer.connected() ? 1 : 0);
            gauge(
                    "peer.latency.seconds",
                    peer -> peer.latencyP50().map(time -> time.toNanos() / 1e9).orElse(Double.NaN));
            gauge(
                    "peer.jitter.seconds",
                    peer -> peer.jitter().map(time -> time.toNanos() / 1e9).orElse(Double.NaN));
            gauge("peer.probe.loss.ratio", PeerStatus::loss);
            QUANTILES.forEach(this::quantile);
            gauge(
                    "peer.path.mtu.bytes",
                    peer -> peer.pathMtu().isPresent() ? peer.pathMtu().getAsInt() : Double.NaN);
        }

        private void count(String name, ToDoubleFunction<PeerStatus.Traffic> value) {
            meters.add(FunctionCounter.builder(PREFIX + name, this, peer -> value.applyAsDouble(peer.status.traffic()))
                    .tag("peer", status.id())
                    .register(registry));
        }

        private void gauge(String name, ToDoubleFunction<PeerStatus> value) {
            meters.add(Gauge.builder(PREFIX + name, this, peer -> value.applyAsDouble(peer.status))
                    .tag("peer", status.id())
                    .register(registry));
        }

        /** Shares of all trips, in the words of a Prometheus summary. */
        private void quantile(double share) {
            meters.add(Gauge.builder(
                            PREFIX + "peer.rtt.seconds",
                            this,
                            peer -> peer.roundTrips
                                    .map(trips -> trips.seconds(share))
                                    .orElse(Double.NaN))
                    .tag("peer", status.id())
                    .tag("quantile", String.valueOf(share))
                    .register(registry));
        }

        void show(PeerStatus now, Optional<RoundTrips> trips) {
            status = now;
            roundTrips = trips;
            drops.show(now.traffic().drops());
        }

        void remove() {
            meters.forEach(registry::remove);
            drops.remove();
        }
    }

    /** Counters per reason, each made when the reason first occurs. */
    private final class Drops {
        private final String peer;
        private final List<Meter> meters = new ArrayList<>();
        private final Set<DropReason> shown = EnumSet.noneOf(DropReason.class);
        private volatile Map<DropReason, Long> counts = Map.of();

        Drops(String peer) {
            this.peer = peer;
        }

        void show(Map<DropReason, Long> now) {
            counts = now;
            for (DropReason reason : now.keySet()) {
                if (shown.add(reason)) {
                    meters.add(FunctionCounter.builder(
                                    PREFIX + "drops", this, drops -> drops.counts.getOrDefault(reason, 0L))
                            .tag("peer", peer)
                            .tag("reason", reason.label())
                            .register(registry));
                }
            }
        }

        void remove() {
            meters.forEach(registry::remove);
        }
    }
}
