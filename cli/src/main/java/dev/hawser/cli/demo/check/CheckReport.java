// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.cli.terminal.Table;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** What a run of the checks showed. */
public record CheckReport(List<Result> results) {
    private static final int WIDEST = 200;

    /**
     * The outcome of one check.
     *
     * @param what the promise
     * @param where it was looked at
     * @param detail what was seen, or why it failed
     * @param next a command that leads on after a failure
     */
    public record Result(
            String name, boolean passed, String what, String where, String detail, String next, double seconds) {
        static Result of(Check check, boolean passed, String detail, double seconds) {
            return new Result(check.name(), passed, check.what(), check.where(), detail, check.next(), seconds);
        }

        /** One line, or, after a failure, what, where, why and the next step. */
        public String text() {
            return passed
                    ? "ok      " + name + ": " + detail
                    : String.join(
                            System.lineSeparator(),
                            "FAILED  " + name,
                            "          what   " + what,
                            "          where  " + where,
                            "          why    " + detail.strip().replace("\n", "\n                 "),
                            "          next   " + next);
        }
    }

    public CheckReport {
        results = List.copyOf(results);
    }

    /** Both reports as one. */
    public CheckReport and(CheckReport more) {
        return new CheckReport(
                Stream.concat(results.stream(), more.results.stream()).toList());
    }

    /** Whether every check held. */
    public boolean passed() {
        return results.stream().allMatch(Result::passed);
    }

    /** All results, for people; failures once more in full at the end. */
    public String table() {
        Table table = Table.of("RESULT", "CHECK", "SECONDS", "SEEN");
        for (Result result : results) {
            table.row(
                    result.passed() ? "ok" : "FAILED",
                    result.name(),
                    String.format(Locale.ROOT, "%.1f", result.seconds()),
                    firstLine(result.detail()));
        }
        StringBuilder text = new StringBuilder(table.toString()).append('\n');
        results.stream()
                .filter(result -> !result.passed())
                .forEach(result -> text.append(result.text()).append('\n'));
        long failed = results.stream().filter(result -> !result.passed()).count();
        return text.append(results.size() - failed)
                .append(" of ")
                .append(results.size())
                .append(" checks held")
                .toString();
    }

    private static String firstLine(String text) {
        String line = text.lines().findFirst().orElse("");
        return line.length() <= WIDEST ? line : line.substring(0, WIDEST) + "…";
    }
}
