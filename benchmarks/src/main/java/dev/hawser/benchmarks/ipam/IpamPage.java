// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.ipam;

import dev.hawser.benchmarks.result.Figure;
import dev.hawser.benchmarks.result.Metric;
import dev.hawser.benchmarks.result.Run;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of the documentation that shows a run. */
public record IpamPage(Run run, List<Figure> figures) {
    /** What the product promises, by metric. */
    private static final Map<String, Double> LIMITS =
            Map.of("alloc_1m_s", 2.0, "heap_mb", 64.0, "blocks_64k_s", 1.0, "rebuild_100k_s", 3.0);

    public IpamPage {
        figures = List.copyOf(figures);
    }

    /** The whole page. */
    public String text() {
        return head() + promises() + growth();
    }

    private String head() {
        String versions = run.versions().entrySet().stream()
                .map(version -> "| " + version.getKey() + " | " + version.getValue() + " |\n")
                .sorted()
                .collect(Collectors.joining());
        return """
                # What address management costs

                The real ledgers and structures without an API server, on one thread. `%s` measured this %s in %d rounds%s, each
                step of each round in a JVM of its own (`-XX:+UseSerialGC`); medians.

                | | |
                |---|---|
                | machine | %s, %d cores, %s |
                | system | %s, Linux %s |
                %s
                """.formatted(
                        run.command(),
                        run.date(),
                        run.rounds(),
                        run.disturbed() ? ", most of them disturbed by others" : "",
                        run.machine().cpu(),
                        run.machine().cores(),
                        run.machine().memory(),
                        run.machine().system(),
                        run.machine().kernel(),
                        versions);
    }

    private String promises() {
        String rows = IpamBenchmark.METRICS.stream()
                .filter(metric -> LIMITS.containsKey(metric.name()))
                .map(metric -> "| %s (`%s`) | %s | %s | %s |\n"
                        .formatted(
                                metric.meaning(),
                                metric.name(),
                                metric.unit(),
                                value(metric, IpamBenchmark.SUBJECT),
                                LIMITS.get(metric.name())))
                .collect(Collectors.joining());
        return """
                ## Promises
                Nothing is warmed up: these JVMs do it once and end, as a controller does that starts.

                | | unit | value | limit |
                |---|---|--:|--:|
                %s
                Addresses are taken and given back in a JVM with `-Xmx64m`: it takes a million, then gives them back in an order that jumps
                about, each to cool down. `heap_mb` is everything that lives on its heap in between, after a collection. The blocks go to
                65,536 clusters that all have the same range, so that each needs another name; the objects of the rebuild are 50,000
                Networks and 50,000 IPs, whose texts are parsed first. These two have `-Xmx256m`.

                """.formatted(rows);
    }

    private String growth() {
        String heads = Growth.SIZES.stream()
                .map(size -> String.format(Locale.ROOT, " %,d |", size))
                .collect(Collectors.joining());
        String rows = IpamBenchmark.METRICS.stream()
                .filter(metric -> !LIMITS.containsKey(metric.name()))
                .map(metric -> "| " + metric.meaning() + " (`" + metric.name() + "`) |"
                        + Growth.SIZES.stream()
                                .map(size -> " " + value(metric, String.valueOf(size)) + " |")
                                .collect(Collectors.joining())
                        + "\n")
                .collect(Collectors.joining());
        return """
                ## Growth
                Nanoseconds for one operation, by how many others there are. The JVM is warm (everything twenty times at 10,000), has `-Xmx4g`, and
                does each size three times in a round.

                | |%s
                |---|%s
                %s
                An address is given back while as many as are taken cool down below it. The two grants are whole rounds, divided by the
                number of those that ask: reading the state, sorting, deciding. What grows with the logarithm is the search in sorted
                structures; besides, the memory of a million is farther from the processor than that of a thousand.
                """.formatted(heads, "--:|".repeat(Growth.SIZES.size()), rows);
    }

    private String value(Metric metric, String variant) {
        return figures.stream()
                .filter(figure -> figure.metric().equals(metric.name())
                        && figure.variant().equals(variant))
                .map(figure -> String.valueOf(figure.value()))
                .findFirst()
                .orElse("-");
    }
}
