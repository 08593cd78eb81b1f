// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.result.Figure;
import dev.hawser.benchmarks.result.Metric;
import dev.hawser.benchmarks.result.Sample;
import dev.hawser.benchmarks.result.Summary;
import dev.hawser.benchmarks.variant.Variants;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a feature costs: the medians of the ratios of runs with it to runs without it, each pair within seconds. Differences
 * of a few percent drown in the drift of a machine otherwise.
 */
final class Costs {
    static final String REMAP = "remap_cost";
    static final String REMAP_CPU = "remap_cost_cpu";
    static final String PEERS = "peers100_cost";
    static final String PEERS_CPU = "peers100_cost_cpu";
    static final String MEMORY = "rss_mb_pair";
    /** In a sample: Gbit/s, and seconds for each Gbit. */
    static final String SPEED = "cost_tcp1";

    static final String CPU = "cost_cpu_per_gbit";

    private Costs() {}

    /**
     * The figures for these metrics, as far as the samples give them.
     *
     * @param aead of the gateways that were compared; the figures stand under its name
     */
    static List<Figure> figures(String bench, Collection<Metric> metrics, String aead, List<Sample> samples) {
        String one = Variants.ONE_PEER;
        List<Figure> figures = new ArrayList<>();
        for (Metric metric : metrics) {
            Optional<Figure> figure = switch (metric.name()) {
                case REMAP -> figure(bench, metric, aead, of(Task.REMAP, samples), one, Variants.NO_REMAP, SPEED);
                case REMAP_CPU -> figure(bench, metric, aead, of(Task.REMAP, samples), one, Variants.NO_REMAP, CPU);
                case PEERS -> figure(bench, metric, aead, of(Task.PEERS, samples), Variants.PEERS_100, one, SPEED);
                case PEERS_CPU -> figure(bench, metric, aead, of(Task.PEERS, samples), Variants.PEERS_100, one, CPU);
                default -> Optional.empty();
            };
            figure.ifPresent(figures::add);
        }
        return figures;
    }

    /** Rounds of two tasks have the same numbers. */
    private static List<Sample> of(Task task, List<Sample> samples) {
        return samples.stream()
                .filter(sample -> sample.task().equals(task.name()))
                .toList();
    }

    private static Optional<Figure> figure(
            String bench,
            Metric metric,
            String variant,
            List<Sample> samples,
            String with,
            String without,
            String name) {
        List<Double> ratios = ratios(samples, with, without, name, false);
        boolean disturbed =
                ratios.size() * 2 < ratios(samples, with, without, name, true).size();
        if (disturbed) {
            ratios = ratios(samples, with, without, name, true);
        }
        if (ratios.isEmpty()) {
            return Optional.empty();
        }
        double ratio = Summary.median(ratios);
        // Less speed and more time are both a cost.
        double percent = (name.equals(SPEED) ? 1 - ratio : ratio - 1) * 100;
        return Optional.of(new Figure(
                bench,
                metric.name(),
                variant,
                Math.round(percent * 100) / 100.0,
                metric.unit(),
                Summary.shown(
                        Summary.median(values(samples, without, name, true).values())),
                Summary.shown(ratio),
                ratios.size(),
                disturbed));
    }

    private static List<Double> ratios(
            List<Sample> samples, String with, String without, String name, boolean disturbed) {
        Map<Integer, Double> costly = values(samples, with, name, disturbed);
        Map<Integer, Double> free = values(samples, without, name, disturbed);
        List<Double> ratios = new ArrayList<>();
        costly.forEach((round, value) -> {
            Double other = free.get(round);
            if (other != null) {
                ratios.add(value / other);
            }
        });
        return ratios;
    }

    /** By round; the last attempt of each. */
    private static Map<Integer, Double> values(List<Sample> samples, String variant, String name, boolean disturbed) {
        Map<Integer, Double> values = new TreeMap<>();
        for (Sample sample : samples) {
            Double value = sample.values().get(name);
            if (value != null && sample.variant().equals(variant) && (disturbed || !sample.disturbed())) {
                values.put(sample.round(), value);
            }
        }
        return values;
    }
}
