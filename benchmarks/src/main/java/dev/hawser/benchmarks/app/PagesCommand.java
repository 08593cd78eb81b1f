// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.app;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.gateway.GatewayBenchmark;
import dev.hawser.benchmarks.result.Page;
import dev.hawser.benchmarks.result.ResultFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Page page = new Page(folder.run(bench), folder.figures(bench), GatewayBenchmark.METRICS);
        Path file = pages.resolve(bench + ".md");
        try {
            Files.writeString(file, page.into(Files.readString(file)));
        } catch (IOException e) {
            throw new BenchmarkException(file + " cannot be rewritten: " + e.getMessage(), e);
        }
        System.out.println(
                "bench: " + file + " shows the run of " + folder.run(bench).date());
    }
}
