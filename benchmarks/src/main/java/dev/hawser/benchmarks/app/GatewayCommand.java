// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.app;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.gateway.GatewayBenchmark;
import dev.hawser.benchmarks.gateway.GatewayPlan;
import dev.hawser.benchmarks.gateway.GatewayProfile;
import dev.hawser.benchmarks.machine.MachineFacts;
import dev.hawser.benchmarks.result.Figure;
import dev.hawser.benchmarks.result.ResultFolder;
import dev.hawser.benchmarks.result.Run;
import dev.hawser.benchmarks.result.Summary;
import dev.hawser.benchmarks.result.TextTable;
import dev.hawser.benchmarks.variant.Variants;
import dev.hawser.lab.net.Prerequisites;
import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** {@code bench gateway}: our gateway beside wireguard-go. */
@CommandLine.Command(name = "gateway", description = "Two gateways beside two wireguard-go and beside no tunnel.")
final class GatewayCommand implements Runnable {
    private static final int DEFAULT_ROUNDS = 5;

    @Option(names = "--rounds", description = "How often each variant has its turn.")
    private int rounds = DEFAULT_ROUNDS;

    @Option(names = "--seconds", description = "Length of a TCP run.")
    private int seconds = 4;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "METRIC",
            description = "Only these, such as tcp1,udp64_pps; all if it is not given.")
    private Set<String> only = Set.of();

    @Option(
            names = "--variants",
            split = ",",
            paramLabel = "VARIANT",
            description = "Only these, such as openssl,wireguard-go; all if it is not given.")
    private Set<String> variants = Set.copyOf(Variants.NAMES);

    @Option(names = "--profile", description = "Say instead where the time goes, and write that into this page.")
    private @Nullable Path profile;

    @Option(names = "--repeats", description = "How many disturbed samples may be taken again in all.")
    private int repeats = 40;

    @Option(names = "--wireguard-go", required = true, description = "The program; a file \"version\" lies beside it.")
    private Path wireGuardGo = Path.of("wireguard-go");

    @Option(names = "--commit", description = "What the gateway was built from.")
    private String commit = "unknown";

    @Option(names = "--results", description = "Where results are kept.")
    private Path results = Path.of("target", "bench");

    private final long start = System.nanoTime();

    @Override
    public void run() {
        Prerequisites.missing().ifPresent(reason -> {
            throw new BenchmarkException(reason);
        });
        Instant date = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        GatewayPlan plan = plan();
        Path page = profile;
        if (page != null) {
            profile(plan, date, page);
            return;
        }
        GatewayBenchmark.Outcome outcome = GatewayBenchmark.run(plan, this::say);
        Summary summary = outcome.summary();
        // A part of the figures must not take the place of all of them.
        ResultFolder folder = new ResultFolder(plan.complete() ? results : results.resolve("part"));
        folder.keep(
                new Run(
                        GatewayBenchmark.NAME,
                        date.toString(),
                        "make bench-gateway" + (rounds == DEFAULT_ROUNDS ? "" : " ROUNDS=" + rounds),
                        GatewayBenchmark.BASELINE,
                        MachineFacts.read(),
                        versions(outcome.facts()),
                        summary.rounds(),
                        summary.disturbed(),
                        outcome.samples()),
                summary.figures());
        System.out.println(TextTable.of(summary.figures()));
        say("kept in " + folder.folder().resolve("results.json") + "; " + verdict(summary));
    }

    private void profile(GatewayPlan plan, Instant date, Path page) {
        Map<String, String> facts = new LinkedHashMap<>();
        String sections = GatewayProfile.run(plan, facts, this::say);
        MachineFacts machine = MachineFacts.read();
        String head = """
                # Where the time goes

                What bounds each figure of [gateway.md](gateway.md). Both gateways, the programs at both ends and the kernel share the cores; each load is
                watched for five seconds by perf (`cpu-clock`, every busy core, a thousand times a second). Shares are of the busy time
                of the whole machine; "Java" is what the JVM compiled, "others" whatever is neither gateway nor iperf3: the threads that
                send round trips, and the kernel's own. Written by `make bench-profile`.

                | | |
                |---|---|
                | measured | %s |
                | machine | %s, %d cores, Linux %s |
                """.formatted(date, machine.cpu(), machine.cores(), machine.kernel());
        String versions = versions(facts).entrySet().stream()
                .map(fact -> "| " + fact.getKey() + " | " + fact.getValue() + " |\n")
                .collect(Collectors.joining());
        try {
            Files.writeString(page, head + versions + sections);
        } catch (IOException e) {
            throw new BenchmarkException(page + " cannot be written: " + e.getMessage(), e);
        }
        say("written to " + page);
    }

    private GatewayPlan plan() {
        try {
            return new GatewayPlan(rounds, seconds, only, variants, repeats, wireGuardGo);
        } catch (IllegalArgumentException e) {
            throw new BenchmarkException("this cannot be measured: " + e.getMessage(), e);
        }
    }

    private static String verdict(Summary summary) {
        String heads = "BASELINE is " + GatewayBenchmark.BASELINE + ", RATIO is VALUE / BASELINE";
        String disturbed = summary.figures().stream()
                .filter(Figure::disturbed)
                .map(Figure::metric)
                .distinct()
                .collect(Collectors.joining(","));
        return disturbed.isEmpty()
                ? heads
                : heads + "; others used the machine in most rounds of " + disturbed
                        + ", which are no results: run `make bench-gateway ONLY=" + disturbed + "` when it is idle";
    }

    private Map<String, String> versions(Map<String, String> facts) {
        Map<String, String> versions = new LinkedHashMap<>();
        versions.put("hawser", commit);
        versions.putAll(facts);
        versions.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
        versions.put("wireguard-go", wireGuardGoVersion());
        versions.put("iperf3", firstLine(Command.of("iperf3", "--version")));
        return versions;
    }

    private String wireGuardGoVersion() {
        Path file = wireGuardGo.resolveSibling("version");
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new BenchmarkException(
                    "the version of wireguard-go is not known: " + file
                            + " cannot be read; see benchmarks/wireguard-go",
                    e);
        }
    }

    private static String firstLine(Command command) {
        try {
            Process process = new ProcessBuilder(command.arguments()).start();
            List<String> lines = process.inputReader().readAllLines();
            return lines.isEmpty() ? "unknown" : lines.getFirst();
        } catch (IOException e) {
            throw new BenchmarkException(command + " cannot be run: " + e.getMessage(), e);
        }
    }

    private void say(String line) {
        System.err.printf(Locale.ROOT, "bench: [%3d s] %s%n", (System.nanoTime() - start) / 1_000_000_000, line);
    }
}
