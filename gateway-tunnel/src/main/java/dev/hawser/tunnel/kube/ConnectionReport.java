// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.Latency;
import dev.hawser.tunnel.engine.PeerStatus;
import dev.hawser.tunnel.route.DropReason;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Says in a Connection's status what was planned for it and what the tunnel sees. Pure. */
final class ConnectionReport {
    /** The one condition that the gateway speaks of. */
    static final String CONNECTED = "Connected";

    private static final String TRANSPORT = "wireguard/udp";

    private ConnectionReport() {}

    /**
     * The status to be written.
     *
     * @param live what the tunnel says of the peer; nothing until it has taken the configuration
     * @param before the conditions that stand there now
     */
    static ConnectionStatus of(PeerPlan plan, Optional<PeerStatus> live, List<Condition> before, Instant now) {
        return switch (plan) {
            case PeerPlan.Waiting waiting ->
                idle(plan, ConnectionPhase.Connecting, failing("Waiting", waiting.reason()), before, now);
            case PeerPlan.Refused refused ->
                idle(plan, ConnectionPhase.Error, failing("Refused", refused.reason()), before, now);
            case PeerPlan.Served _ ->
                live.map(status -> live(plan, status, before, now))
                        .orElseGet(() -> idle(
                                plan,
                                ConnectionPhase.Connecting,
                                failing("Starting", "the gateway has not taken this configuration yet"),
                                before,
                                now));
        };
    }

    private static Verdict failing(String reason, String message) {
        return new Verdict.Fails(reason, message);
    }

    /**
     * The status of what the data path does not carry. No generation is observed: the peer takes that as the word that its
     * new key or endpoint is in use here, and drops the old one. Which spec the words are about stands in the condition.
     */
    private static ConnectionStatus idle(
            PeerPlan plan, ConnectionPhase phase, Verdict verdict, List<Condition> before, Instant now) {
        return new ConnectionStatus(
                phase,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                Map.of(),
                verdict.message(),
                conditions(plan, verdict, before, now),
                null);
    }

    private static ConnectionStatus live(PeerPlan plan, PeerStatus status, List<Condition> before, Instant now) {
        Verdict verdict = verdict(status);
        boolean measured = status.latencyP50().isPresent();
        return new ConnectionStatus(
                phase(status.phase()),
                status.endpoint().map(Object::toString).orElse(null),
                TRANSPORT,
                measured
                        ? new Latency(
                                status.latencyP50()
                                        .map(ConnectionReport::milliseconds)
                                        .orElse(null),
                                status.latencyP99()
                                        .map(ConnectionReport::milliseconds)
                                        .orElse(null),
                                status.jitter()
                                        .map(ConnectionReport::milliseconds)
                                        .orElse(null))
                        : null,
                measured ? String.format(Locale.ROOT, "%.1f%%", status.loss() * 100) : null,
                status.pathMtu().isPresent() ? status.pathMtu().getAsInt() : null,
                status.sinceHandshake()
                        .map(age ->
                                now.minus(age).truncatedTo(ChronoUnit.SECONDS).toString())
                        .orElse(null),
                status.traffic().rxBytes(),
                status.traffic().txBytes(),
                drops(status.traffic().drops()),
                verdict.message(),
                conditions(plan, verdict, before, now),
                status.phase() == PeerStatus.Phase.ERROR ? null : plan.generation());
    }

    private static ConnectionPhase phase(PeerStatus.Phase phase) {
        return switch (phase) {
            case CONNECTING -> ConnectionPhase.Connecting;
            case CONNECTED -> ConnectionPhase.Connected;
            case DEGRADED -> ConnectionPhase.Degraded;
            case ERROR -> ConnectionPhase.Error;
        };
    }

    private static Verdict verdict(PeerStatus status) {
        return switch (status.phase()) {
            case CONNECTED -> new Verdict.Holds("ProbesReturn", said(status, "probes return"));
            // Data of a silent family does not flow: half of a connection must not be waited for as if it were whole.
            case DEGRADED ->
                status.connected()
                        ? new Verdict.Holds("ProbesLost", said(status, "probes return, but many are lost"))
                        : failing("FamilySilent", said(status, "probes over " + status.silent() + " do not return"));
            case CONNECTING -> failing("NoProbeReturns", said(status, "no probe has returned"));
            case ERROR -> failing("Refused", said(status, "the tunnel cannot serve this peer"));
        };
    }

    private static String said(PeerStatus status, String otherwise) {
        return status.message().isEmpty() ? otherwise : status.message();
    }

    private static List<Condition> conditions(PeerPlan plan, Verdict verdict, List<Condition> before, Instant now) {
        // Only our own condition: what is sent is what this field manager owns.
        List<Condition> own =
                before.stream().filter(each -> CONNECTED.equals(each.getType())).toList();
        return Conditions.of(own)
                .with(CONNECTED, verdict, plan.generation(), now)
                .toList();
    }

    private static Map<String, Long> drops(Map<DropReason, Long> drops) {
        Map<String, Long> byLabel = new TreeMap<>();
        drops.forEach((reason, count) -> byLabel.put(reason.label(), count));
        return byLabel;
    }

    private static String milliseconds(Duration time) {
        return String.format(Locale.ROOT, "%.2fms", time.toNanos() / 1e6);
    }
}
