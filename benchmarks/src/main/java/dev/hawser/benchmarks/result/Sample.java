// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import java.util.Map;

/**
 * What one variant showed in one turn.
 *
 * @param task what was done with it
 * @param round from 1; a task whose variants have several turns in a round counts each
 * @param attempt from 1; a later one was made because the one before it was disturbed
 * @param values by name of metric; more than is summed up may be among them
 * @param foreignCores cores that others kept busy meanwhile
 * @param disturbed whether that is more than a sample may suffer
 */
public record Sample(
        String task,
        String variant,
        int round,
        int attempt,
        Map<String, Double> values,
        double foreignCores,
        boolean disturbed) {
    public Sample {
        values = Map.copyOf(values);
    }
}
