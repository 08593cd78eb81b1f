// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.machine.CpuSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The taking of samples. One during which others used much CPU is taken again, a few times in a run. For one thread.
 */
public final class Sampler {
    /** Cores that others may use during a sample. Tick-wise accounting of so short a time is off by some hundredths. */
    private static final double FOREIGN_CORES = 0.15;

    private static final int ATTEMPTS = 3;

    private final Consumer<String> progress;
    private final Supplier<CpuSnapshot> cpu;
    private final List<Sample> samples = new ArrayList<>();
    private int repeats;

    /**
     * @param repeats how many samples may be taken again in all
     * @param progress is told each sample, in a line
     */
    public Sampler(int repeats, Consumer<String> progress) {
        this(repeats, progress, CpuSnapshot::take);
    }

    Sampler(int repeats, Consumer<String> progress, Supplier<CpuSnapshot> cpu) {
        this.repeats = repeats;
        this.progress = progress;
        this.cpu = cpu;
    }

    /** Takes a sample, again if others disturbed it. */
    public void take(String task, String variant, int round, Supplier<Map<String, Double>> turn) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            CpuSnapshot before = cpu.get();
            Map<String, Double> values = new TreeMap<>(patiently(turn));
            double foreign = before.foreignCoresUntil(cpu.get());
            Sample sample = new Sample(task, variant, round, attempt, values, foreign, foreign > FOREIGN_CORES);
            samples.add(sample);
            progress.accept(line(sample));
            if (!sample.disturbed() || attempt == ATTEMPTS || repeats == 0) {
                return;
            }
            repeats--;
        }
    }

    /** Once more if need be: a run of minutes should not be lost with one connection on a machine that is busy. */
    public <T> T patiently(Supplier<T> step) {
        try {
            return step.get();
        } catch (BenchmarkException e) {
            progress.accept("once more: " + e.getMessage());
            return step.get();
        }
    }

    /** Rounds of a task in which each variant has a sample that nothing disturbed. */
    public int cleanRounds(String task) {
        return Summary.cleanRounds(
                samples.stream().filter(sample -> sample.task().equals(task)).toList());
    }

    /** All that were taken. */
    public List<Sample> samples() {
        return List.copyOf(samples);
    }

    private static String line(Sample sample) {
        String values = sample.values().entrySet().stream()
                .map(value -> String.format(Locale.ROOT, "%s %.4g", value.getKey(), value.getValue()))
                .collect(Collectors.joining("  "));
        return String.format(
                Locale.ROOT,
                "round %-2d %-12s %s%s",
                sample.round(),
                sample.variant(),
                values,
                sample.disturbed()
                        ? String.format(Locale.ROOT, "  disturbed: others used %.2f cores", sample.foreignCores())
                        : "");
    }
}
