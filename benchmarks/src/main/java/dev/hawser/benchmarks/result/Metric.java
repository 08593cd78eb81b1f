// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

/**
 * Something that is measured.
 *
 * @param name as it stands in results
 * @param unit of the values
 * @param meaning for readers of the page
 */
public record Metric(String name, String unit, String meaning) {}
