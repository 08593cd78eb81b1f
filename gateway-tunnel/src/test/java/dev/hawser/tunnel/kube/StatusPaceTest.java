// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatusPaceTest {
    private static final ConnectionStatus CONNECTED = status(ConnectionPhase.Connected, "203.0.113.7:51820", 10, 1);

    @Test
    void writesTheFirstStatusAndAnyChangeOfPhaseAtOnce() {
        assertThat(new StatusPace(1).due(Optional.empty(), CONNECTED, 0)).isTrue();
        assertThat(due(status(ConnectionPhase.Connecting, "203.0.113.7:51820", 10, 1), Duration.ofMillis(1)))
                .isTrue();
    }

    @Test
    void tellsAtOnceThatANewGenerationIsApplied() {
        assertThat(due(status(ConnectionPhase.Connected, "203.0.113.7:51820", 10, 2), Duration.ofMillis(1)))
                .isTrue();
    }

    @Test
    void writesANewEndpointAfterASecond() {
        ConnectionStatus moved = status(ConnectionPhase.Connected, "203.0.113.8:51820", 10, 1);

        assertThat(due(moved, Duration.ofMillis(900))).isFalse();
        assertThat(due(moved, Duration.ofSeconds(1))).isTrue();
    }

    @Test
    void writesNumbersOftenInTheFirstMinuteOnly() {
        ConnectionStatus busier = status(ConnectionPhase.Connected, "203.0.113.7:51820", 11, 1);
        StatusPace.Written old =
                new StatusPace.Written(CONNECTED, 0, -Duration.ofMinutes(2).toNanos());

        assertThat(due(busier, Duration.ofSeconds(2))).isTrue();
        assertThat(new StatusPace(1)
                        .due(Optional.of(old), busier, Duration.ofSeconds(9).toNanos()))
                .isFalse();
        assertThat(new StatusPace(1)
                        .due(Optional.of(old), busier, Duration.ofSeconds(10).toNanos()))
                .isTrue();
    }

    @Test
    void writesNumbersOfPeersThatAreAwaySeldom() {
        StatusPace.Written away =
                new StatusPace.Written(status(ConnectionPhase.Connecting, "203.0.113.7:51820", 10, 1), 0, 0);
        ConnectionStatus busier = status(ConnectionPhase.Connecting, "203.0.113.7:51820", 11, 1);

        assertThat(new StatusPace(1)
                        .due(Optional.of(away), busier, Duration.ofSeconds(9).toNanos()))
                .isFalse();
        assertThat(new StatusPace(1)
                        .due(Optional.of(away), busier, Duration.ofSeconds(10).toNanos()))
                .isTrue();
    }

    @Test
    void writesTheNumbersOfManyNoMoreOftenPerSecondThanThoseOfFew() {
        ConnectionStatus busier = status(ConnectionPhase.Connected, "203.0.113.7:51820", 11, 1);
        Optional<StatusPace.Written> before = Optional.of(new StatusPace.Written(CONNECTED, 0, 0));

        assertThat(new StatusPace(100).due(before, busier, Duration.ofSeconds(9).toNanos()))
                .isFalse();
        assertThat(new StatusPace(100)
                        .due(before, busier, Duration.ofSeconds(10).toNanos()))
                .isTrue();
    }

    @Test
    void writesNothingWhereNothingChanged() {
        assertThat(due(CONNECTED, Duration.ofHours(1))).isFalse();
    }

    private static boolean due(ConnectionStatus next, Duration elapsed) {
        return new StatusPace(1).due(Optional.of(new StatusPace.Written(CONNECTED, 0, 0)), next, elapsed.toNanos());
    }

    private static ConnectionStatus status(ConnectionPhase phase, String endpoint, long bytes, long generation) {
        return new ConnectionStatus(
                phase, endpoint, null, null, null, null, null, bytes, bytes, Map.of(), null, List.of(), generation);
    }
}
