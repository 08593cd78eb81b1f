// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Medians over the rounds in which nothing was disturbed, each variant beside the baseline in the same rounds.
 *
 * <p>If fewer than half of the rounds of a metric are clean, all count, and its figures say so.
 *
 * @param figures metric by metric, the variants in the order they were measured
 * @param rounds how many rounds count for the figure that has the fewest
 */
public record Summary(List<Figure> figures, int rounds) {
    private static final MathContext SHOWN = new MathContext(4);

    public Summary {
        figures = List.copyOf(figures);
    }

    /**
     * Sums up a run.
     *
     * @param baseline the variant that others are compared with; it may be missing
     */
    public static Summary of(String bench, List<Metric> metrics, String baseline, List<Sample> samples) {
        List<Sample> kept = best(samples);
        List<Figure> figures = new ArrayList<>();
        int fewest = Integer.MAX_VALUE;
        for (Metric metric : metrics) {
            List<Sample> telling = telling(metric, kept);
            Set<Integer> counted = counted(telling);
            boolean disturbed = clean(telling).size() * 2 < rounds(telling).size();
            Map<String, List<Double>> values = values(metric, telling, counted);
            List<Double> yardstick = values.getOrDefault(baseline, List.of());
            values.remove(baseline);
            for (Map.Entry<String, List<Double>> measured : values.entrySet()) {
                figures.add(figure(bench, metric, measured.getKey(), measured.getValue(), yardstick, disturbed));
                fewest = Math.min(fewest, counted.size());
            }
        }
        return new Summary(figures, figures.isEmpty() ? 0 : fewest);
    }

    /** Whether there is a figure that is no result, because others used the machine in most of its rounds. */
    public boolean disturbed() {
        return figures.stream().anyMatch(Figure::disturbed);
    }

    /** How far the values that count lie apart, metric by metric, the variants in the order they were measured. */
    public static List<Spread> spreads(List<Metric> metrics, List<Sample> samples) {
        List<Sample> kept = best(samples);
        List<Spread> spreads = new ArrayList<>();
        for (Metric metric : metrics) {
            List<Sample> telling = telling(metric, kept);
            values(metric, telling, counted(telling))
                    .forEach((variant, values) -> spreads.add(new Spread(
                            metric, variant, Collections.min(values), median(values), Collections.max(values))));
        }
        return spreads;
    }

    /** How many rounds of a task have an attempt of each variant that nothing disturbed. */
    static int cleanRounds(List<Sample> samples) {
        return clean(best(samples)).size();
    }

    private static List<Sample> telling(Metric metric, List<Sample> samples) {
        return samples.stream()
                .filter(sample -> sample.values().containsKey(metric.name()))
                .toList();
    }

    private static Set<Integer> counted(List<Sample> samples) {
        Set<Integer> clean = clean(samples);
        return clean.size() * 2 < rounds(samples).size() ? rounds(samples) : clean;
    }

    private static Set<Integer> clean(List<Sample> samples) {
        Set<Integer> clean = new TreeSet<>(rounds(samples));
        samples.stream().filter(Sample::disturbed).forEach(sample -> clean.remove(sample.round()));
        return clean;
    }

    /** The middle value, or the mean of the two in the middle. */
    public static double median(Collection<Double> values) {
        double[] sorted =
                values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        if (sorted.length == 0) {
            throw new IllegalArgumentException("no values have no median");
        }
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** One sample for each task, variant and round: the attempt that others disturbed least. */
    private static List<Sample> best(List<Sample> samples) {
        Map<String, Sample> best = new LinkedHashMap<>();
        for (Sample sample : samples) {
            best.merge(
                    sample.task() + "/" + sample.variant() + "/" + sample.round(),
                    sample,
                    (before, now) -> now.foreignCores() < before.foreignCores() ? now : before);
        }
        return List.copyOf(best.values());
    }

    private static Set<Integer> rounds(List<Sample> samples) {
        return samples.stream().map(Sample::round).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Map<String, List<Double>> values(Metric metric, List<Sample> samples, Set<Integer> rounds) {
        Map<String, List<Double>> values = new LinkedHashMap<>();
        for (Sample sample : samples) {
            Double value = sample.values().get(metric.name());
            if (value != null && rounds.contains(sample.round())) {
                values.computeIfAbsent(sample.variant(), variant -> new ArrayList<>())
                        .add(value);
            }
        }
        return values;
    }

    private static Figure figure(
            String bench,
            Metric metric,
            String variant,
            List<Double> measured,
            List<Double> yardstick,
            boolean disturbed) {
        double value = median(measured);
        Double baseline = yardstick.isEmpty() ? null : Double.valueOf(median(yardstick));
        return new Figure(
                bench,
                metric.name(),
                variant,
                shown(value),
                metric.unit(),
                baseline == null ? null : Double.valueOf(shown(baseline)),
                baseline == null ? null : Double.valueOf(shown(value / baseline)),
                measured.size(),
                disturbed);
    }

    /** Digits beyond the fourth are noise. */
    public static double shown(double value) {
        return Double.isFinite(value) ? new BigDecimal(value, SHOWN).doubleValue() : value;
    }
}
