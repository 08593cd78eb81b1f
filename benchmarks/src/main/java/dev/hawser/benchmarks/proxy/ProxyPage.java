// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.result.Figure;
import dev.hawser.benchmarks.result.Metric;
import dev.hawser.benchmarks.result.Run;
import dev.hawser.benchmarks.result.Spread;
import dev.hawser.benchmarks.result.Summary;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The page of the documentation that shows a run. */
public record ProxyPage(Run run, List<Figure> figures) {
    private static final List<String> OTHERS = List.of(Contenders.SQUID, Contenders.TINYPROXY, Contenders.HAPROXY);
    private static final List<String> LOADS = List.of("bulk1", "bulk64", "connect");
    private static final List<String> PARTIES = List.of("proxy", "client", "target");

    /**
     * What the product promises.
     *
     * @param variant as in the figures
     * @param limit of the ratio, or of the value if the variant is ours alone
     */
    private record Promise(String metric, String variant, boolean atLeast, double limit) {
        String row(List<Figure> figures) {
            Optional<Double> measured = figures.stream()
                    .filter(figure ->
                            figure.metric().equals(metric) && figure.variant().equals(variant))
                    .map(this::shown)
                    .findFirst();
            String verdict = measured.map(value -> (atLeast ? value >= limit : value <= limit) ? "yes" : "**no**")
                    .orElse("-");
            return "| `%s` | %s | %s %s | %s | %s |\n"
                    .formatted(
                            metric,
                            variant,
                            atLeast ? "at least" : "at most",
                            plain(limit),
                            measured.map(ProxyPage::plain).orElse("-"),
                            verdict);
        }

        private double shown(Figure figure) {
            Double ratio = figure.ratio();
            return ratio == null ? figure.value() : ratio;
        }
    }

    private static final List<Promise> PROMISES = List.of(
            new Promise("bulk1", "hawser/squid", true, 1.1),
            new Promise("bulk1", "hawser/tinyproxy", true, 2.5),
            new Promise("bulk1", "hawser/haproxy", true, 1.0),
            new Promise("bulk64", "hawser/squid", true, 1.1),
            new Promise("bulk64", "hawser/tinyproxy", true, 2.5),
            new Promise("bulk64", "hawser/haproxy", true, 1.0),
            new Promise("stalled_cost", Contenders.OURS, false, 5),
            new Promise("connect_rate", "hawser/squid", true, 1.5),
            new Promise("connect_rate", "hawser/haproxy", true, 0.45),
            new Promise("start_s", Contenders.OURS, false, 1),
            new Promise("echo_p50_9000", "hawser/squid", false, 1.0),
            new Promise("echo_p99_9000", "hawser/squid", false, 1.25),
            new Promise("kb_per_tunnel", Contenders.OURS, false, 5),
            new Promise("connect_growth", Contenders.OURS, false, 1.25));

    public ProxyPage {
        figures = List.copyOf(figures);
    }

    /** The whole page. */
    public String text() {
        return head() + facts() + results() + promises() + parties();
    }

    private String head() {
        return """
                # The proxy beside others

                `%s` (as root, a few minutes, on an idle machine) measured this %s in %d rounds%s; medians. Clients, proxies and
                target are processes on one host of the laboratory and talk over its loopback, so that what a proxy costs is not hidden
                behind a network:

                - **hawser**: our proxy from the shipped image's unpacked root file system, read-only, with its Java runtime, JVM options and class
                  cache, as the manifests' user and with the memory of their limit; only its limits are out of the way.
                - **squid**, **tinyproxy**, **haproxy**: from this system's packages, unpacked and not installed
                  ([unpack.sh](../../benchmarks/proxies/unpack.sh)). haproxy passes TCP on (`mode tcp`) and reads no CONNECT, so it has less to do.
                  Nothing is tuned ([Contenders](../../benchmarks/src/main/java/dev/hawser/benchmarks/proxy/Contenders.java)) but that
                  none keeps a cache and all may have as many tunnels as are asked for. Each writes a line into a file for every tunnel.
                - **direct**: no proxy. What the ends themselves can do.

                Clients are one thread, the target another one, both in Java without garbage; the target sends out of the page cache
                without a copy of its own. All contenders are running and warm (they have carried bulk and opened tunnels until that got no faster, and both once more) and take turns, forwards
                in odd rounds and backwards in even ones. For the idle tunnels each is started and warmed up anew, so that its memory tells; the time of a start is the median of three. What others take of the CPU meanwhile is measured too: a
                sample during which that was more than 0.15 of a core is taken again, at most fifteen times in a run, and a round that stays
                disturbed does not count for that load. Everything is in `target/bench/proxy.json`. A part: `make bench-proxy ROUNDS=2
                ONLY=bulk1,bulk64 VARIANTS=haproxy,hawser`. What bounds each figure: [proxy-profile.md](proxy-profile.md).

                """.formatted(
                run.command(), run.date(), run.rounds(), run.disturbed() ? " (most of them disturbed by others)" : "");
    }

    private String facts() {
        return "| | |\n|---|---|\n"
                + "| machine | %s, %d cores, %s |\n"
                        .formatted(
                                run.machine().cpu(),
                                run.machine().cores(),
                                run.machine().memory())
                + "| system | %s, Linux %s |\n"
                        .formatted(run.machine().system(), run.machine().kernel())
                + run.versions().entrySet().stream()
                        .map(version -> "| " + version.getKey() + " | " + version.getValue() + " |\n")
                        .collect(Collectors.joining());
    }

    private String results() {
        String heads = "| | unit | " + String.join(" | ", Contenders.NAMES) + " | "
                + OTHERS.stream().map(other -> "/ " + other).collect(Collectors.joining(" | ")) + " |\n|---|---|"
                + "--:|".repeat(Contenders.NAMES.size() + OTHERS.size()) + "\n";
        return "\n## Results\nThe last columns are hawser as a multiple of the others in the same rounds.\n\n" + heads
                + ProxyTask.METRICS.stream().map(this::row).collect(Collectors.joining());
    }

    private String row(Metric metric) {
        String values = Contenders.NAMES.stream()
                .map(name -> figure(metric, name)
                        .map(figure -> plain(figure.value()))
                        .orElse("-"))
                .collect(Collectors.joining(" | "));
        String ratios = OTHERS.stream()
                .map(name -> figure(metric, Contenders.OURS + "/" + name)
                        .map(Figure::ratio)
                        .map(ProxyPage::plain)
                        .orElse("-"))
                .collect(Collectors.joining(" | "));
        return "| %s (`%s`) | %s | %s | %s |\n"
                .formatted(metric.meaning(), metric.name(), metric.unit(), values, ratios);
    }

    private Optional<Figure> figure(Metric metric, String variant) {
        return figures.stream()
                .filter(figure -> figure.metric().equals(metric.name())
                        && figure.variant().equals(variant))
                .findFirst();
    }

    private String promises() {
        return "\n## Promises\n\n| | | promised | measured | kept |\n|---|---|---|--:|---|\n"
                + PROMISES.stream().map(promise -> promise.row(figures)).collect(Collectors.joining());
    }

    /** All three share the cores: a proxy can be no faster than what the others leave to it. */
    private String parties() {
        StringBuilder rows = new StringBuilder();
        for (String load : LOADS) {
            for (String name : Contenders.NAMES) {
                rows.append("| %s | %s | %s |\n"
                        .formatted(
                                load,
                                name,
                                PARTIES.stream()
                                        .map(party -> cores(load + "_cores_" + party, name))
                                        .collect(Collectors.joining(" | "))));
            }
        }
        return """

                ## Who had the cores
                Cores that each kept busy, of %d. What the kernel does for a segment, it does on the account of its sender.

                | load | variant | proxy | client | target |
                |---|---|--:|--:|--:|
                """.formatted(run.machine().cores()) + rows;
    }

    private String cores(String value, String variant) {
        return Summary.spreads(List.of(new Metric(value, "cores", "")), run.samples()).stream()
                .filter(spread -> spread.variant().equals(variant))
                .map(Spread::median)
                .map(median -> "%.2f".formatted(median))
                .findFirst()
                .orElse("-");
    }

    private static String plain(double value) {
        return BigDecimal.valueOf(Summary.shown(value)).stripTrailingZeros().toPlainString();
    }
}
