// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import dev.hawser.benchmarks.machine.MachineFacts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How figures came about, and everything they were made of.
 *
 * @param date of the run, UTC, ISO 8601
 * @param command that makes them again
 * @param baseline the variant that all others are compared with
 * @param versions of what took part, by name, in an order for readers
 * @param rounds that count
 * @param disturbed whether too many rounds were disturbed, so that the figures are no result
 * @param samples all of them, also those that do not count
 */
public record Run(
        String bench,
        String date,
        String command,
        String baseline,
        MachineFacts machine,
        Map<String, String> versions,
        int rounds,
        boolean disturbed,
        List<Sample> samples) {
    public Run {
        versions = Collections.unmodifiableMap(new LinkedHashMap<>(versions));
        samples = List.copyOf(samples);
    }
}
