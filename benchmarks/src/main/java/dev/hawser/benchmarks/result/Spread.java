// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

/**
 * The values that one variant showed in the rounds that count.
 *
 * @param metric what they are of
 * @param least the smallest
 * @param median the one in the middle
 * @param greatest the largest
 */
public record Spread(Metric metric, String variant, double least, double median, double greatest) {}
