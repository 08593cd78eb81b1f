// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * One row of the results; the names of the components are those of the JSON.
 *
 * @param bench for example {@code gateway}
 * @param metric for example {@code tcp1}
 * @param variant what was measured
 * @param value its median
 * @param unit of the value
 * @param baseline median of the baseline in the same rounds; null if there was none
 * @param ratio value / baseline; for a cost in percent, with / without what costs it; null if there was no baseline
 * @param rounds how many rounds the medians are of
 * @param disturbed whether others used the machine in most of them, so that the figure is no result; only such rows say it
 */
public record Figure(
        String bench,
        String metric,
        String variant,
        double value,
        String unit,
        @Nullable Double baseline,
        @Nullable Double ratio,
        int rounds,
        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean disturbed) {}
