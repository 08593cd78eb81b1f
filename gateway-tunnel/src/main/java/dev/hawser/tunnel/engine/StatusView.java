// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.tunnel.path.PathCounters;
import dev.hawser.tunnel.path.PeerLane;
import dev.hawser.tunnel.probe.HealthReport;
import dev.hawser.tunnel.session.PeerSession;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Words and figures of one peer from what the threads publish. Pure. */
final class StatusView {
    private StatusView() {}

    static PeerStatus of(PeerLane lane, @Nullable String problem, @Nullable HealthReport health, long now) {
        Optional<PeerSession> session = latest(lane);
        Optional<Duration> since = session.flatMap(latest -> sinceHandshake(latest, now));
        PathCounters sent = lane.sent();
        PathCounters received = lane.received();
        return new PeerStatus(
                lane.id(),
                phase(problem, health),
                problem != null ? problem : message(lane, health, since.isPresent()),
                session.map(PeerSession::endpoint),
                since,
                health == null ? Optional.empty() : health.latencyP50(),
                health == null ? Optional.empty() : health.latencyP99(),
                health == null ? 0 : health.loss(),
                new PeerStatus.Traffic(
                        received.packets(),
                        received.bytes(),
                        sent.packets(),
                        sent.bytes(),
                        PathCounters.drops(sent, received)));
    }

    /** The session with the latest handshake, else any. */
    private static Optional<PeerSession> latest(PeerLane lane) {
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

    private static String message(PeerLane lane, @Nullable HealthReport health, boolean handshaken) {
        if (health != null && health.state() == HealthReport.State.CONNECTED) {
            return "";
        }
        if (health != null && health.state() == HealthReport.State.DEGRADED) {
            return "probes return, but " + Math.round(100 * health.loss()) + " % of them are lost";
        }
        boolean reachable = lane.sessions().stream().anyMatch(session -> session.endpoint() != null);
        if (!reachable) {
            return "no endpoint of the peer is known; waiting for it to dial in";
        }
        return handshaken
                ? "the tunnel stands, but probes do not return: look at hawser0, its routes and the peer's gateway"
                : "no answer to handshakes yet: check endpoint, keys and that UDP passes";
    }
}
