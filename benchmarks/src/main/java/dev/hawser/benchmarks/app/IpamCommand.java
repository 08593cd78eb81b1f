// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.app;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.ipam.IpamBenchmark;
import dev.hawser.benchmarks.ipam.IpamPage;
import dev.hawser.benchmarks.machine.MachineFacts;
import dev.hawser.benchmarks.result.ResultFolder;
import dev.hawser.benchmarks.result.Run;
import dev.hawser.benchmarks.result.Sample;
import dev.hawser.benchmarks.result.Summary;
import dev.hawser.benchmarks.result.TextTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench ipam}: the ledgers and the structures below them. */
@Command(name = "ipam", description = "What the address management costs by itself.")
final class IpamCommand implements Runnable {
    private static final int DEFAULT_ROUNDS = 5;

    @Option(names = "--rounds", description = "How often each step is run, each time in a new JVM.")
    private int rounds = DEFAULT_ROUNDS;

    @Option(names = "--commit", description = "What was built.")
    private String commit = "unknown";

    @Option(names = "--results", description = "Where results are kept.")
    private Path results = Path.of("target", "bench");

    @Option(names = "--page", description = "The page to write.")
    private @Nullable Path page;

    @Override
    public void run() {
        Instant date = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        List<Sample> samples = new IpamBenchmark().run(rounds, line -> System.err.println("bench: " + line));
        Summary summary = Summary.of(IpamBenchmark.NAME, IpamBenchmark.METRICS, "", samples);
        Run run = new Run(
                IpamBenchmark.NAME,
                date.toString(),
                "make bench-ipam" + (rounds == DEFAULT_ROUNDS ? "" : " ROUNDS=" + rounds),
                "",
                MachineFacts.read(),
                Map.of("hawser", commit, "java", System.getProperty("java.vm.name") + " " + Runtime.version()),
                summary.rounds(),
                summary.disturbed(),
                samples);
        new ResultFolder(results).keep(run, summary.figures());
        System.out.println(TextTable.of(summary.figures()));
        Path target = page;
        if (target != null) {
            try {
                Files.writeString(target, new IpamPage(run, summary.figures()).text());
            } catch (IOException e) {
                throw new BenchmarkException(target + " cannot be written: " + e.getMessage(), e);
            }
        }
    }
}
