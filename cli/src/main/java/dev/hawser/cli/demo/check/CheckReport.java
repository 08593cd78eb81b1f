// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.cli.terminal.Table;
import java.util.List;
import java.util.Locale;

/** What a run of the checks showed. */
public record CheckReport(List<Result> results) {
    /**
     * The outcome of one check.
     *
     * @param detail what was seen, or why it failed
     */
    public record Result(String name, boolean passed, String detail, double seconds) {}

    public CheckReport {
        results = List.copyOf(results);
    }

    /** Whether every check held. */
    public boolean passed() {
        return results.stream().allMatch(Result::passed);
    }

    /** All results, for people. */
    public String table() {
        Table table = Table.of("RESULT", "CHECK", "SECONDS", "SEEN");
        for (Result result : results) {
            table.row(
                    result.passed() ? "ok" : "FAILED",
                    result.name(),
                    String.format(Locale.ROOT, "%.1f", result.seconds()),
                    firstLine(result.detail()));
        }
        long failed = results.stream().filter(result -> !result.passed()).count();
        return table + "\n" + (results.size() - failed) + " of " + results.size() + " checks held";
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("");
    }
}
