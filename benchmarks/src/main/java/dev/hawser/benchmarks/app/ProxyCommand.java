// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.app;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.machine.MachineFacts;
import dev.hawser.benchmarks.proxy.ProxyBenchmark;
import dev.hawser.benchmarks.proxy.ProxyPage;
import dev.hawser.benchmarks.proxy.ProxyPlan;
import dev.hawser.benchmarks.proxy.ProxyProfile;
import dev.hawser.benchmarks.result.ResultFolder;
import dev.hawser.benchmarks.result.Run;
import dev.hawser.benchmarks.result.Summary;
import dev.hawser.benchmarks.result.TextTable;
import dev.hawser.lab.net.Prerequisites;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code bench proxy}: our proxy beside squid, tinyproxy and haproxy. */
@Command(name = "proxy", description = "Our proxy beside squid, tinyproxy, haproxy and no proxy.")
final class ProxyCommand implements Runnable {
    private static final int DEFAULT_ROUNDS = 5;

    @Option(names = "--rounds", description = "How often each variant has its turn.")
    private int rounds = DEFAULT_ROUNDS;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "METRIC",
            description = "Only these, such as bulk1,connect_rate; all if it is not given.")
    private Set<String> only = Set.of();

    @Option(
            names = "--variants",
            split = ",",
            paramLabel = "VARIANT",
            description = "Only these, such as squid,hawser; all if it is not given.")
    private Set<String> variants = Set.copyOf(ProxyBenchmark.VARIANTS);

    @Option(names = "--repeats", description = "How many disturbed samples may be taken again in all.")
    private int repeats = 15;

    @Option(names = "--proxies", required = true, description = "The unpacked folder of the others.")
    private Path proxies = Path.of("proxies");

    @Option(names = "--commit", description = "What was built.")
    private String commit = "unknown";

    @Option(names = "--results", description = "Where results are kept.")
    private Path results = Path.of("target", "bench");

    @Option(names = "--page", description = "The page to write, unless only a part is measured.")
    private @Nullable Path page;

    @Option(names = "--profile", description = "Say instead where the time goes, and write that into this page.")
    private @Nullable Path profile;

    private final long start = System.nanoTime();

    @Override
    public void run() {
        Prerequisites.missing().ifPresent(reason -> {
            throw new BenchmarkException(reason);
        });
        Instant date = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        ProxyPlan plan = plan();
        Path watched = profile;
        if (watched != null) {
            write(watched, profileHead(date) + ProxyProfile.run(plan, this::say));
            return;
        }
        ProxyBenchmark.Outcome outcome = ProxyBenchmark.run(plan, this::say);
        Summary summary = outcome.summary();
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("hawser", commit);
        versions.putAll(outcome.facts());
        versions.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        Run run = new Run(
                ProxyBenchmark.NAME,
                date.toString(),
                "make bench-proxy" + (rounds == DEFAULT_ROUNDS ? "" : " ROUNDS=" + rounds),
                "each of the others",
                MachineFacts.read(),
                versions,
                summary.rounds(),
                summary.disturbed(),
                outcome.samples());
        // A part of the figures must not take the place of all of them.
        ResultFolder folder = new ResultFolder(plan.complete() ? results : results.resolve("part"));
        folder.keep(run, summary.figures());
        System.out.println(TextTable.of(summary.figures()));
        say("kept in " + folder.folder().resolve("results.json"));
        Path target = page;
        if (target != null && plan.complete()) {
            write(target, new ProxyPage(run, summary.figures()).text());
        }
    }

    private ProxyPlan plan() {
        try {
            return new ProxyPlan(rounds, only, variants, repeats, proxies);
        } catch (IllegalArgumentException e) {
            throw new BenchmarkException("this cannot be measured: " + e.getMessage(), e);
        }
    }

    private String profileHead(Instant date) {
        MachineFacts machine = MachineFacts.read();
        return """
                # Where the time goes in proxies

                What bounds each figure of [proxy.md](proxy.md). The proxies, both ends and the kernel share the cores; each load is watched for three
                seconds by perf (`cpu-clock`, every busy core, a thousand times a second). Shares are of the busy time of the whole machine; "Java" is what
                the JVM compiled, "others" the client, the target and the kernel's own. Written by `make bench-proxy-profile`.

                | | |
                |---|---|
                | measured | %s, %s |
                | machine | %s, %d cores, Linux %s |
                """.formatted(date, commit, machine.cpu(), machine.cores(), machine.kernel());
    }

    private void write(Path target, String text) {
        try {
            Files.writeString(target, text);
        } catch (IOException e) {
            throw new BenchmarkException(target + " cannot be written: " + e.getMessage(), e);
        }
        say("written to " + target);
    }

    private void say(String line) {
        System.err.printf(Locale.ROOT, "bench: [%3d s] %s%n", (System.nanoTime() - start) / 1_000_000_000, line);
    }
}
