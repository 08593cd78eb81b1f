// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.address.Family;
import dev.hawser.tunnel.path.PathTotals;
import dev.hawser.tunnel.path.PeerLane;
import dev.hawser.tunnel.probe.HealthReport;
import dev.hawser.tunnel.session.PeerSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Words and figures of one peer from what the threads publish. Pure. */
final class StatusView {
    private StatusView() {}

    static PeerStatus of(PeerLane lane, @Nullable String problem, @Nullable ProbeReport probes, long now) {
        HealthReport health = probes == null ? null : probes.health();
        Optional<PeerSession> session = latest(lane);
        Optional<Duration> since = session.flatMap(latest -> sinceHandshake(latest, now));
        PathTotals sent = lane.sent();
        PathTotals received = lane.received();
        return new PeerStatus(
                lane.id(),
                phase(problem, health),
                problem != null || probes == null ? List.of() : probes.silent(),
                problem != null ? problem : message(lane, probes, since.isPresent()),
                session.map(PeerSession::endpoint),
                since,
                health == null ? Optional.empty() : health.latencyP50(),
                health == null ? Optional.empty() : health.latencyP99(),
                health == null ? Optional.empty() : health.jitter(),
                health == null ? 0 : health.loss(),
                probes == null ? OptionalInt.empty() : probes.pathMtu(),
                new PeerStatus.Traffic(
                        received.packets(),
                        received.bytes(),
                        sent.packets(),
                        sent.bytes(),
                        PathTotals.drops(List.of(sent, received))));
    }

    /** The session with the latest handshake, else any. */
    static Optional<PeerSession> latest(PeerLane lane) {
        return lane.sessions().stream()
                .max(Comparator.comparingLong(
                        session -> session.lastHandshakeNanos().orElse(Long.MIN_VALUE)));
    }

    private static Optional<Duration> sinceHandshake(PeerSession session, long now) {
        OptionalLong at = session.lastHandshakeNanos();
        return at.isEmpty() ? Optional.empty() : Optional.of(Duration.ofNanos(Math.max(0, now - at.getAsLong())));
    }

    private static PeerStatus.Phase phase(@Nullable String problem, @Nullable HealthReport health) {
        if (problem != null) {
            return PeerStatus.Phase.ERROR;
        }
        if (health == null) {
            return PeerStatus.Phase.CONNECTING;
        }
        return switch (health.state()) {
            case LOST -> PeerStatus.Phase.CONNECTING;
            case CONNECTED -> PeerStatus.Phase.CONNECTED;
            case DEGRADED -> PeerStatus.Phase.DEGRADED;
        };
    }

    private static String message(PeerLane lane, @Nullable ProbeReport probes, boolean handshaken) {
        if (probes != null && probes.health().state() != HealthReport.State.LOST) {
            return limits(probes);
        }
        boolean reachable = lane.sessions().stream().anyMatch(session -> session.endpoint() != null);
        if (!reachable) {
            return "no endpoint of the peer is known; waiting for it to dial in";
        }
        return handshaken
                ? "the tunnel stands, but probes do not return: look at hawser0, its routes and the peer's gateway"
                : "no answer to handshakes yet: check endpoint, keys and that UDP passes";
    }

    /** What does not go as it should although probes return. */
    private static String limits(ProbeReport probes) {
        List<String> sentences = new ArrayList<>();
        probes.silent().forEach(family -> sentences.add("probes over " + name(family) + " do not return"));
        if (probes.health().state() == HealthReport.State.DEGRADED
                && probes.silent().isEmpty()) {
            sentences.add(
                    "probes return, but " + Math.round(100 * probes.health().loss()) + " % of them are lost");
        }
        if (probes.fragments()) {
            sentences.add("the path takes packets of " + probes.pathMtu().orElse(0) + " bytes and IPv6 needs "
                    + ProbeTarget.IPV6_LEAST + ", so datagrams are fragmented; give the underlay a larger MTU");
        }
        return String.join("; ", sentences);
    }

    private static String name(Family family) {
        return family == Family.IPV4 ? "IPv4" : "IPv6";
    }
}
