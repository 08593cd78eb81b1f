// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

/**
 * One row of the results; the names of the components are those of the JSON.
 *
 * @param bench for example {@code gateway}
 * @param metric for example {@code tcp1}
 * @param variant what was measured
 * @param value its median
 * @param unit of value and baseline
 * @param baseline median of the baseline in the same rounds
 * @param ratio value / baseline
 * @param rounds how many rounds the medians are of
 */
public record Figure(
        String bench,
        String metric,
        String variant,
        double value,
        String unit,
        double baseline,
        double ratio,
        int rounds) {}
