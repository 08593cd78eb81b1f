// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import dev.hawser.benchmarks.BenchmarkException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The part of a page of the documentation that shows a run: between two marks, so that nobody copies numbers by hand.
 *
 * @param figures of the run
 * @param metrics what the figures mean
 * @param pictures files beside the page
 */
public record Page(Run run, List<Figure> figures, List<Metric> metrics, List<String> pictures) {
    /** A page shows medians of at least so many clean rounds: less says more about the moment than about the program. */
    static final int FEWEST_ROUNDS = 5;

    static final String BEGIN = "<!-- results: written by `make bench-pages` -->";
    static final String END = "<!-- end of results -->";

    private static final String NO_RESULT =
            "\n\\* Others used the machine in most rounds of this figure: it is no result.\n";

    public Page {
        figures = List.copyOf(figures);
        metrics = List.copyOf(metrics);
        pictures = List.copyOf(pictures);
    }

    /** The page with this run in the place of the one it shows. */
    public String into(String page) {
        int begin = page.indexOf(BEGIN);
        int end = page.indexOf(END);
        if (begin < 0 || end < begin) {
            throw new BenchmarkException(
                    "the page has no place for results: it needs the lines " + BEGIN + " and " + END);
        }
        long disturbed = figures.stream().filter(Figure::disturbed).count();
        if (disturbed * 2 > figures.size() || run.rounds() < FEWEST_ROUNDS) {
            throw new BenchmarkException("the last run has " + run.rounds() + " rounds and " + disturbed + " of its "
                    + figures.size() + " figures are of disturbed ones; a page needs " + FEWEST_ROUNDS
                    + " rounds, and most figures of undisturbed ones; run `make bench-" + run.bench()
                    + "` when the machine is idle");
        }
        return page.substring(0, begin + BEGIN.length()) + "\n" + text() + page.substring(end);
    }

    private String text() {
        return "Medians of %d rounds, measured %s by `%s`; ratio = variant / %s in the same rounds.\n\n"
                        .formatted(run.rounds(), run.date(), run.command(), run.baseline())
                + table() + (figures.stream().anyMatch(Figure::disturbed) ? NO_RESULT : "") + "\n" + gallery() + "\n"
                + facts();
    }

    private String table() {
        return "| | unit | variant | value | " + run.baseline() + " | ratio |\n|---|---|---|--:|--:|--:|\n"
                + figures.stream().map(this::row).collect(Collectors.joining());
    }

    private String row(Figure figure) {
        return "| %s (`%s`) | %s | %s | %s | %s | %s |\n"
                .formatted(
                        meaning(figure.metric()),
                        figure.metric(),
                        figure.unit(),
                        figure.variant(),
                        plain(figure.value()) + (figure.disturbed() ? " *" : ""),
                        plain(figure.baseline()),
                        plain(figure.ratio()));
    }

    private String gallery() {
        return pictures.stream()
                .map(picture -> "![" + picture.replaceAll(".*-|\\.svg", "") + "](" + picture + ")\n")
                .collect(Collectors.joining());
    }

    private String facts() {
        return "| | |\n|---|---|\n"
                + fact(
                        "machine",
                        run.machine().cpu() + ", " + run.machine().cores() + " cores, "
                                + run.machine().memory())
                + fact(
                        "system",
                        run.machine().system() + ", Linux " + run.machine().kernel())
                + run.versions().entrySet().stream()
                        .map((Map.Entry<String, String> version) -> fact(version.getKey(), version.getValue()))
                        .collect(Collectors.joining());
    }

    private String meaning(String metric) {
        return metrics.stream()
                .filter(known -> known.name().equals(metric))
                .map(Metric::meaning)
                .findFirst()
                .orElse(metric);
    }

    private static String fact(String name, String value) {
        return "| " + name + " | " + value + " |\n";
    }

    private static String plain(@Nullable Double value) {
        return value == null
                ? "-"
                : BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
    }
}
