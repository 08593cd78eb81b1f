// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.variant.Variants;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is measured, and how much of it.
 *
 * @param rounds in each of which every variant has its turn
 * @param seconds length of a run with one TCP stream; others are in proportion
 * @param metrics names of what is wanted; all if empty
 * @param variants names of what is measured
 * @param repeats how many samples may be taken again in all, because others disturbed them
 * @param wireGuardGo the program to compare with
 */
public record GatewayPlan(
        int rounds, int seconds, Set<String> metrics, Set<String> variants, int repeats, Path wireGuardGo) {
    public GatewayPlan {
        if (rounds < 1 || seconds < 1) {
            throw new IllegalArgumentException("at least one round and one second, not " + rounds + " and " + seconds);
        }
        metrics = Set.copyOf(metrics);
        variants = Set.copyOf(variants);
        known(
                metrics,
                GatewayBenchmark.METRICS.stream().map(metric -> metric.name()).toList(),
                "metric");
        known(variants, Variants.NAMES, "variant");
    }

    /** Whether it measures everything. */
    public boolean complete() {
        return metrics.isEmpty() && variants.containsAll(Variants.NAMES);
    }

    private static void known(Set<String> names, List<String> known, String what) {
        Set<String> unknown = new TreeSet<>(names);
        known.forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("no " + what + " is called " + String.join(", ", unknown)
                    + "; there are " + String.join(", ", known));
        }
    }
}
