// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.probe.HealthReport.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Runs the health of a peer in virtual time. */
class PeerHealthTest {
    /** Shortly before the clock's numbers overflow, which they may. */
    private static final long START = Long.MAX_VALUE - 5_000_000_000L;

    private static final long MILLI = 1_000_000L;
    private static final long NONCE = 42;

    private final PeerHealth health = new PeerHealth(NONCE, new RoundTrips(), START);
    private long now = START;
    private ProbeMessage lastReply = new ProbeMessage(ProbeMessage.Kind.REPLY, 0, 0, 0);

    @Example
    void probesAtOnceAndThenEveryInterval() {
        List<Long> sent = new ArrayList<>();
        for (long i = 0; i < 21; i++) {
            health.tick(START + i * 100 * MILLI).ifPresent(probe -> sent.add(probe.sentNanos() - START));
        }

        assertThat(sent).containsExactly(0L, 500 * MILLI, 1000 * MILLI, 1500 * MILLI, 2000 * MILLI);
    }

    @Example
    void isConnectedWithTheFirstAnswer() {
        assertThat(health.report(now).state()).isEqualTo(State.LOST);

        round(true);

        assertThat(health.report(now).state()).isEqualTo(State.CONNECTED);
        assertThat(health.report(now).latencyP50()).contains(Duration.ofMillis(10));
    }

    @Example
    void staysConnectedWithThreeMissingAndNotWithFour() {
        round(true);
        round(false);
        round(false);
        round(false);
        assertThat(health.isLost()).isFalse();
        round(true);
        assertThat(health.isLost()).isFalse();

        for (int i = 0; i < 4; i++) {
            round(false);
        }
        probe();

        assertThat(health.isLost()).isTrue();
    }

    @Example
    void noticesTheEndWithinTwoSecondsAndAnInterval() {
        round(true);
        long lastAnswer = now;

        while (!health.isLost()) {
            now += 100 * MILLI;
            health.tick(now);
        }

        assertThat(now - lastAnswer).isBetween(1_900 * MILLI, 2_600 * MILLI);
    }

    @Example
    void connectsAgainWithOneAnswerAndForgetsTheLosses() {
        round(true);
        for (int i = 0; i < 10; i++) {
            round(false);
        }
        assertThat(health.isLost()).isTrue();

        round(true);

        assertThat(health.report(now).state()).isEqualTo(State.CONNECTED);
        assertThat(health.report(now).loss()).isZero();
    }

    @Example
    void acceptsAnswersThatTakeLongerThanAnInterval() {
        List<ProbeMessage> probes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            probe().ifPresent(probes::add);
            now += PeerHealth.INTERVAL;
            if (i >= 2) {
                assertThat(health.received(probes.get(i - 2).reply(), now)).isTrue();
            }
        }

        assertThat(health.report(now).state()).isEqualTo(State.CONNECTED);
        assertThat(health.report(now).latencyP50()).contains(Duration.ofMillis(1500));
    }

    @Example
    void isDegradedWhileManyProbesAreLost() {
        for (int i = 0; i < 30; i++) {
            round(i % 3 != 0);
        }

        assertThat(health.report(now).state()).isEqualTo(State.DEGRADED);
        assertThat(health.report(now).loss()).isBetween(0.25, 0.4);

        for (int i = 0; i < 30; i++) {
            round(true);
        }
        assertThat(health.report(now).state()).isEqualTo(State.CONNECTED);
    }

    @Example
    void isSteadyWhileTheLastThreeAreAnswered() {
        assertThat(health.isSteady(300 * MILLI, now)).isFalse();
        round(true);
        assertThat(health.isSteady(300 * MILLI, now)).isTrue();
        probe();
        assertThat(health.isSteady(300 * MILLI, now + 100 * MILLI))
                .as("it may still come")
                .isTrue();
        now += PeerHealth.INTERVAL;
        assertThat(health.isSteady(300 * MILLI, now)).isFalse();
        round(true);
        round(true);
        assertThat(health.isSteady(300 * MILLI, now)).isFalse();
        round(true);
        assertThat(health.isSteady(300 * MILLI, now)).isTrue();
    }

    @Example
    void countsNoAnswerTwice() {
        ProbeMessage probe = probe().orElseThrow();

        assertThat(health.received(probe.reply(), now + MILLI)).isTrue();
        assertThat(health.received(probe.reply(), now + 2 * MILLI)).isFalse();
        assertThat(health.report(now).latencyP99()).contains(Duration.ofMillis(1));
    }

    @Example
    void sendsNoBurstAfterAPause() {
        probe();
        now += 60_000 * MILLI;

        assertThat(health.tick(now)).isPresent();
        assertThat(health.tick(now + 100 * MILLI)).isEmpty();
    }

    @Property
    void ignoresWhatAnswersNothing(
            @ForAll long nonce, @ForAll long sequence, @ForAll long sent, @ForAll ProbeMessage.Kind kind) {
        ProbeMessage reply = probe().orElse(lastReply).reply();
        ProbeMessage other = new ProbeMessage(kind, nonce, sequence, sent, kind.asksForSize() ? 1420 : 0);

        assertThat(other.equals(reply) || !health.received(other, now + MILLI)).isTrue();
        assertThat(health.isLost()).isTrue();
    }

    @Property
    void isLostExactlyAfterFourMissing(@ForAll @Size(max = 200) List<Boolean> answers) {
        PeerHealth fresh = new PeerHealth(NONCE, new RoundTrips(), START);
        int missing = PeerHealth.MISSING_IN_A_ROW;
        long time = START;
        for (boolean answered : answers) {
            ProbeMessage reply = fresh.tick(time).orElseThrow().reply();

            assertThat(fresh.isLost()).isEqualTo(missing >= PeerHealth.MISSING_IN_A_ROW);

            missing = answered ? 0 : missing + 1;
            if (answered) {
                fresh.received(reply, time + 10 * MILLI);
            }
            time += PeerHealth.INTERVAL;
        }
    }

    @Property
    void reportsPercentilesOfWhatItSaw(
            @ForAll @Size(min = 1, max = 119) List<@IntRange(min = 1, max = 1900) Integer> trips) {
        PeerHealth fresh = new PeerHealth(NONCE, new RoundTrips(), START);
        long time = START;
        for (int trip : trips) {
            ProbeMessage reply = fresh.tick(time).orElseThrow().reply();
            fresh.received(reply, time + trip * MILLI);
            time += PeerHealth.INTERVAL;
        }
        List<Integer> sorted = trips.stream().sorted().toList();

        HealthReport report = fresh.report(time);

        assertThat(report.latencyP50()).contains(Duration.ofMillis(sorted.get((sorted.size() + 1) / 2 - 1)));
        assertThat(report.latencyP99().orElseThrow())
                .isGreaterThanOrEqualTo(report.latencyP50().orElseThrow());
    }

    private Optional<ProbeMessage> probe() {
        Optional<ProbeMessage> probe = health.tick(now);
        probe.ifPresent(sent -> lastReply = sent.reply());
        return probe;
    }

    private void round(boolean answered) {
        probe();
        if (answered) {
            health.received(lastReply, now + 10 * MILLI);
        }
        now += PeerHealth.INTERVAL;
    }
}
