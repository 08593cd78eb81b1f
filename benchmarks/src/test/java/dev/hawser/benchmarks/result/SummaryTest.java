// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SummaryTest {
    private static final List<Metric> METRICS =
            List.of(new Metric("tcp1", "Gbit/s", "speed"), new Metric("rss_mb", "MB", "memory"));

    @Test
    void takesTheMiddleValueOrTheMeanOfTwo() {
        assertThat(Summary.median(List.of(9.0, 1.0, 4.0))).isEqualTo(4.0);
        assertThat(Summary.median(List.of(9.0, 1.0, 4.0, 5.0))).isEqualTo(4.5);
        assertThatThrownBy(() -> Summary.median(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void dividesMedianByMedian() {
        List<Sample> samples = new ArrayList<>();
        for (int round = 1; round <= 3; round++) {
            samples.add(sample("ours", round, 1, 2.0 + round, 0));
            samples.add(sample("theirs", round, 1, 1.0 + round, 0));
        }

        assertThat(Summary.of("gateway", METRICS, "theirs", samples))
                .isEqualTo(new Summary(
                        List.of(new Figure("gateway", "tcp1", "ours", 4.0, "Gbit/s", 3.0, 1.333, 3, false)), 3));
    }

    @Test
    void leavesOutRoundsInWhichAnyVariantWasDisturbed() {
        List<Sample> samples = List.of(
                sample("ours", 1, 1, 4, 0),
                sample("theirs", 1, 1, 2, 0),
                sample("ours", 2, 1, 400, 0),
                sample("theirs", 2, 1, 1, 1.5),
                sample("ours", 3, 1, 6, 0),
                sample("theirs", 3, 1, 2, 0));

        Summary summary = Summary.of("gateway", METRICS, "theirs", samples);

        assertThat(summary.figures())
                .containsExactly(new Figure("gateway", "tcp1", "ours", 5.0, "Gbit/s", 2.0, 2.5, 2, false));
        assertThat(summary.disturbed()).isFalse();
    }

    @Test
    void keepsTheLeastDisturbedAttempt() {
        List<Sample> samples = List.of(
                sample("theirs", 1, 1, 2, 0),
                sample("ours", 1, 1, 1, 0.9),
                sample("ours", 1, 2, 4, 0.0),
                sample("ours", 1, 3, 3, 0.5));

        Summary summary = Summary.of("gateway", METRICS, "theirs", samples);

        assertThat(summary.figures()).extracting(Figure::value).containsExactly(4.0);
        assertThat(summary.disturbed()).isFalse();
    }

    @Test
    void countsEveryRoundAndSaysSoWhenMostWereDisturbed() {
        List<Sample> samples = List.of(
                sample("ours", 1, 1, 4, 0),
                sample("theirs", 1, 1, 2, 0),
                sample("ours", 2, 1, 6, 1),
                sample("theirs", 2, 1, 2, 1),
                sample("ours", 3, 1, 8, 1),
                sample("theirs", 3, 1, 2, 1));

        Summary summary = Summary.of("gateway", METRICS, "theirs", samples);

        assertThat(summary.disturbed()).isTrue();
        assertThat(summary.figures()).allMatch(Figure::disturbed);
        assertThat(summary.rounds()).isEqualTo(3);
        assertThat(summary.figures()).extracting(Figure::value).containsExactly(6.0);
    }

    private static Sample sample(String variant, int round, int attempt, double tcp, double foreign) {
        return new Sample("TCP1", variant, round, attempt, Map.of("tcp1", tcp), foreign, foreign > 0.1);
    }
}
