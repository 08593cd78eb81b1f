// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.app;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.gateway.GatewayBenchmark;
import dev.hawser.benchmarks.result.Chart;
import dev.hawser.benchmarks.result.Page;
import dev.hawser.benchmarks.result.ResultFolder;
import dev.hawser.benchmarks.result.Run;
import dev.hawser.benchmarks.result.Summary;
import dev.hawser.benchmarks.variant.Variants;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench pages}: puts kept results into the documentation. */
@Command(name = "pages", description = "Put the last results into the pages of the documentation.")
final class PagesCommand implements Runnable {
    @Option(names = "--results", description = "Where results are kept.")
    private Path results = Path.of("target", "bench");

    @Option(names = "--pages", description = "The pages.")
    private Path pages = Path.of("docs", "benchmarks");

    @Override
    public void run() {
        ResultFolder folder = new ResultFolder(results);
        String bench = GatewayBenchmark.NAME;
        Run run = folder.run(bench);
        List<Chart> charts = Chart.of(Summary.spreads(GatewayBenchmark.METRICS, run.samples()));
        List<String> pictures = charts.stream()
                .map(chart -> bench + "-" + chart.name() + ".svg")
                .toList();
        Page page = new Page(run, folder.figures(bench), GatewayBenchmark.METRICS, pictures);
        Path file = pages.resolve(bench + ".md");
        try {
            Files.writeString(file, page.into(Files.readString(file)));
            for (int i = 0; i < charts.size(); i++) {
                Files.writeString(
                        pages.resolve(pictures.get(i)), charts.get(i).svg(GatewayBenchmark.BASELINE, Variants.DIRECT));
            }
        } catch (IOException e) {
            throw new BenchmarkException(file + " and its pictures cannot be rewritten: " + e.getMessage(), e);
        }
        System.out.println("bench: " + file + " shows the run of " + run.date());
    }
}
