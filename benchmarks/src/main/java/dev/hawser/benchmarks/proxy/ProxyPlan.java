// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.result.Metric;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is measured, and how much of it.
 *
 * @param rounds in each of which every variant has its turn
 * @param metrics names of what is wanted; all if empty
 * @param variants names of what is measured
 * @param repeats how many samples may be taken again in all, because others disturbed them
 * @param packages the unpacked folder of the others
 */
public record ProxyPlan(int rounds, Set<String> metrics, Set<String> variants, int repeats, Path packages) {
    public ProxyPlan {
        if (rounds < 1) {
            throw new IllegalArgumentException("at least one round, not " + rounds);
        }
        metrics = Set.copyOf(metrics);
        variants = Set.copyOf(variants);
        known(metrics, ProxyTask.METRICS.stream().map(Metric::name).toList(), "metric");
        known(variants, Contenders.NAMES, "variant");
    }

    /** Whether it measures everything. */
    public boolean complete() {
        return metrics.isEmpty() && variants.containsAll(Contenders.NAMES);
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
