// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.hawser.benchmarks.machine.MachineFacts;
import dev.hawser.benchmarks.result.Figure;
import dev.hawser.benchmarks.result.Run;
import dev.hawser.benchmarks.result.Sample;
import dev.hawser.benchmarks.result.Summary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxyPageTest {
    private static Sample sample(String variant, int round, String metric, double value) {
        return new Sample("TASK", variant, round, 1, Map.of(metric, value), 0, false);
    }

    private static Summary summary(Sample... samples) {
        return new ProxyBenchmark.Outcome(List.of(samples), Map.of()).summary();
    }

    private static String page(Summary summary) {
        MachineFacts machine = new MachineFacts("cpu", 2, "1 GiB", "6.1", "Debian");
        Run run = new Run("proxy", "today", "make bench-proxy", "", machine, Map.of(), 1, false, List.of());
        return new ProxyPage(run, summary.figures()).text();
    }

    @Test
    void comparesOursWithEachOfTheOthersInTheSameRounds() {
        Summary summary = summary(
                sample("squid", 1, "bulk1", 4), sample("hawser", 1, "bulk1", 6), sample("haproxy", 1, "bulk1", 8));

        assertThat(summary.figures())
                .extracting(Figure::variant, Figure::value, Figure::baseline, Figure::ratio)
                .contains(
                        tuple("hawser", 6.0, null, null),
                        tuple("hawser/squid", 6.0, 4.0, 1.5),
                        tuple("hawser/haproxy", 6.0, 8.0, 0.75));
    }

    @Test
    void saysWhichPromisesAreKept() {
        String page = page(summary(
                sample("squid", 1, "bulk1", 4),
                sample("hawser", 1, "bulk1", 6),
                sample("haproxy", 1, "bulk1", 8),
                sample("hawser", 2, "kb_per_tunnel", 5.1)));

        assertThat(page)
                .contains("| `bulk1` | hawser/squid | at least 1.1 | 1.5 | yes |")
                .contains("| `bulk1` | hawser/haproxy | at least 1 | 0.75 | **no** |")
                .contains("| `kb_per_tunnel` | hawser | at most 5 | 5.1 | **no** |")
                .contains("| `connect_rate` | hawser/squid | at least 1.5 | - | - |");
    }
}
