// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.app;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.machine.MachineFacts;
import dev.hawser.benchmarks.micro.MicroBenchmarks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench micro}: single steps of the packet path. */
@Command(name = "micro", description = "What single steps of the packet path cost.")
final class MicroCommand implements Runnable {
    @Option(names = "--only", description = "Regular expression that names must contain, such as LookUp.")
    private String only = "";

    @Option(names = "--seconds", description = "Length of each of the eight rounds of a step.")
    private double seconds = 1;

    @Option(names = "--results", description = "Where results are kept.")
    private Path results = Path.of("target", "bench");

    @Option(names = "--page", description = "The page to write.")
    private @Nullable Path page;

    @Override
    public void run() {
        Instant date = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        MachineFacts machine = MachineFacts.read();
        try {
            Files.createDirectories(results);
            String table = MicroBenchmarks.run(only, seconds, results.resolve("micro.json"));
            System.out.println(table);
            Path target = page;
            if (target != null) {
                Files.writeString(target, """
                        # What single steps cost

                        Nanoseconds for each packet on one thread, measured %s by `make bench-micro` (JMH, one JVM for each row) on %s, Linux
                        %s, %s %s. A system call costs some hundreds of nanoseconds; what counts for a whole packet, [the gateway's
                        page](gateway.md) says.

                        %s""".formatted(
                                date,
                                machine.cpu(),
                                machine.kernel(),
                                System.getProperty("java.vm.name"),
                                Runtime.version(),
                                table));
            }
        } catch (IOException e) {
            throw new BenchmarkException("results cannot be written: " + e.getMessage(), e);
        }
    }
}
