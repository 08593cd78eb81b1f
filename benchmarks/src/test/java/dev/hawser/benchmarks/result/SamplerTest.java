// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.machine.CpuSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplerTest {
    private static final long SECOND = 1_000_000_000;

    private final List<String> progress = new ArrayList<>();
    private double busy;
    private long nanos;

    @Test
    void takesADisturbedSampleAgainAndKeepsBoth() {
        Sampler sampler = sampler(5);
        List<Double> others = new ArrayList<>(List.of(0.9, 0.1));

        sampler.take("stream", "ours", 1, () -> turn(others.removeFirst()));

        assertThat(sampler.samples()).extracting(Sample::attempt).containsExactly(1, 2);
        assertThat(sampler.samples()).extracting(Sample::disturbed).containsExactly(true, false);
        assertThat(progress.getFirst()).contains("others used 0.90 cores");
    }

    @Test
    void givesUpAfterThreeAttemptsAndWhenTheRunHasNoMoreRepeats() {
        Sampler sampler = sampler(3);

        sampler.take("stream", "ours", 1, () -> turn(1));
        sampler.take("stream", "ours", 2, () -> turn(1));
        sampler.take("stream", "ours", 3, () -> turn(1));

        assertThat(sampler.samples()).extracting(Sample::round).containsExactly(1, 1, 1, 2, 2, 3);
    }

    @Test
    void countsRoundsInWhichEachVariantWasOnceUndisturbed() {
        Sampler sampler = sampler(1);

        sampler.take("stream", "ours", 1, () -> turn(0));
        sampler.take("stream", "theirs", 1, () -> turn(0));
        sampler.take("flood", "ours", 1, () -> turn(0));
        List<Double> others = new ArrayList<>(List.of(1.0, 0.0));
        sampler.take("stream", "ours", 2, () -> turn(others.removeFirst()));
        sampler.take("stream", "theirs", 2, () -> turn(0));
        sampler.take("stream", "ours", 3, () -> turn(0));
        sampler.take("stream", "theirs", 3, () -> turn(1));

        assertThat(sampler.cleanRounds("stream")).isEqualTo(2);
        assertThat(sampler.cleanRounds("flood")).isEqualTo(1);
        assertThat(sampler.cleanRounds("never taken")).isZero();
    }

    @Test
    void triesAStepOnceMore() {
        List<String> calls = new ArrayList<>();

        String answer = sampler(0).patiently(() -> {
            calls.add("call");
            if (calls.size() == 1) {
                throw new BenchmarkException("no connection");
            }
            return "connected";
        });

        assertThat(answer).isEqualTo("connected");
        assertThat(progress).containsExactly("once more: no connection");
    }

    private Sampler sampler(int repeats) {
        return new Sampler(repeats, progress::add, () -> new CpuSnapshot(busy, 0, nanos));
    }

    /** A second long. */
    private Map<String, Double> turn(double coresOfOthers) {
        busy += coresOfOthers;
        nanos += SECOND;
        return Map.of("speed", 1.0);
    }
}
