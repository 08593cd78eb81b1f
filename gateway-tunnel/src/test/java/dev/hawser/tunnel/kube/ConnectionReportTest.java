// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.engine.PeerStatus;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.DropReason;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class ConnectionReportTest {
    private static final Instant NOW = Instant.parse("2026-02-03T04:05:06.700Z");
    private static final PeerPlan SERVED = new PeerPlan.Served(
            "lisbon", 3, new PeerConfig("lisbon", List.of(), List.of(), Optional.empty(), 0, List.of(), List.of()));

    @Test
    void tellsWhatTheTunnelSees() {
        ConnectionStatus status = ConnectionReport.of(SERVED, Optional.of(live()), List.of(), NOW);

        assertThat(status.phase()).isEqualTo(ConnectionPhase.Connected);
        assertThat(status.endpoint()).isEqualTo("203.0.113.7:51820");
        assertThat(status.transport()).isEqualTo("wireguard/udp");
        assertThat(status.latency()).isNotNull().satisfies(latency -> {
            assertThat(latency.p50()).isEqualTo("0.42ms");
            assertThat(latency.p99()).isEqualTo("12.00ms");
            assertThat(latency.jitter()).isEqualTo("0.03ms");
        });
        assertThat(status.loss()).isEqualTo("0.2%");
        assertThat(status.pathMTU()).isEqualTo(1420);
        assertThat(status.lastHandshake()).isEqualTo("2026-02-03T04:05:00Z");
        assertThat(status.rxBytes()).isEqualTo(2000);
        assertThat(status.drops()).containsOnly(Map.entry("port_filtered", 7L));
        assertThat(status.observedGeneration()).isEqualTo(3);
        assertThat(Conditions.of(status.conditions()).holds("Connected")).isTrue();
    }

    @Test
    void keepsTheTimeSinceWhichItIsConnected() {
        Condition since = new ConditionBuilder()
                .withType("Connected")
                .withStatus("True")
                .withLastTransitionTime("2026-01-01T00:00:00Z")
                .build();

        ConnectionStatus status = ConnectionReport.of(SERVED, Optional.of(live()), List.of(since), NOW);

        assertThat(status.conditions())
                .singleElement()
                .satisfies(condition ->
                        assertThat(condition.getLastTransitionTime()).isEqualTo("2026-01-01T00:00:00Z"));
    }

    @Test
    void isNotConnectedWhileAFamilyIsSilent() {
        PeerStatus silent = live(PeerStatus.Phase.DEGRADED, List.of(Family.IPV4), "probes over IPv4 do not return");

        ConnectionStatus status = ConnectionReport.of(SERVED, Optional.of(silent), List.of(), NOW);

        assertThat(status.phase()).isEqualTo(ConnectionPhase.Degraded);
        assertThat(status.observedGeneration()).isEqualTo(3);
        assertThat(Conditions.of(status.conditions()).find("Connected")).hasValueSatisfying(condition -> {
            assertThat(condition.getStatus()).isEqualTo("False");
            assertThat(condition.getReason()).isEqualTo("FamilySilent");
            assertThat(condition.getMessage()).contains("IPv4");
        });
    }

    @Test
    void staysConnectedWhenProbesOfEveryFamilyAreLostNowAndThen() {
        PeerStatus lossy = live(PeerStatus.Phase.DEGRADED, List.of(), "probes return, but 17 % of them are lost");

        ConnectionStatus status = ConnectionReport.of(SERVED, Optional.of(lossy), List.of(), NOW);

        assertThat(status.phase()).isEqualTo(ConnectionPhase.Degraded);
        assertThat(Conditions.of(status.conditions()).find("Connected")).hasValueSatisfying(condition -> {
            assertThat(condition.getStatus()).isEqualTo("True");
            assertThat(condition.getReason()).isEqualTo("ProbesLost");
        });
    }

    @Test
    void saysOnTheObjectWhyItIsNotServed() {
        ConnectionStatus status = ConnectionReport.of(
                new PeerPlan.Refused("lisbon", 3, "endpoint \"x\" is not host:port"), Optional.empty(), List.of(), NOW);

        assertThat(status.phase()).isEqualTo(ConnectionPhase.Error);
        assertThat(status.message()).isEqualTo("endpoint \"x\" is not host:port");
        assertThat(Conditions.of(status.conditions()).find("Connected"))
                .hasValueSatisfying(
                        condition -> assertThat(condition.getReason()).isEqualTo("Refused"));
    }

    @Test
    void observesNoGenerationThatTheDataPathDoesNotCarry() {
        PeerPlan refused = new PeerPlan.Refused("lisbon", 3, "no key");
        PeerPlan waiting = new PeerPlan.Waiting("lisbon", 3, "waiting for a key");

        assertThat(ConnectionReport.of(refused, Optional.empty(), List.of(), NOW)
                        .observedGeneration())
                .isNull();
        assertThat(ConnectionReport.of(waiting, Optional.empty(), List.of(), NOW)
                        .observedGeneration())
                .isNull();
        assertThat(ConnectionReport.of(SERVED, Optional.empty(), List.of(), NOW).observedGeneration())
                .isNull();
    }

    private static PeerStatus live() {
        return live(PeerStatus.Phase.CONNECTED, List.of(), "");
    }

    private static PeerStatus live(PeerStatus.Phase phase, List<Family> silent, String message) {
        return new PeerStatus(
                "lisbon",
                phase,
                silent,
                message,
                Optional.of(UdpEndpoint.of(IpAddress.parse("203.0.113.7"), 51_820)),
                Optional.of(Duration.ofMillis(6_500)),
                Optional.of(Duration.ofNanos(420_000)),
                Optional.of(Duration.ofMillis(12)),
                Optional.of(Duration.ofNanos(30_000)),
                0.002,
                OptionalInt.of(1420),
                new PeerStatus.Traffic(20, 2000, 30, 3000, Map.of(DropReason.PORT_FILTERED, 7L)));
    }
}
