// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.variant.Variant;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A run of iperf3 from pod to pod that is under way. For one thread. */
final class Iperf {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration SOON = Duration.ofSeconds(10);

    /**
     * What a run brought.
     *
     * @param end the part of the report about the whole run
     * @param cpuSeconds that the gateways used from before the first byte until after the last
     * @param residentMegabytes the most memory that one of the gateways held meanwhile
     */
    record Result(JsonNode end, double cpuSeconds, double residentMegabytes) {
        double gigabits() {
            return end.at("/sum_received/bytes").asDouble() * 8 / 1e9;
        }

        double gigabitsPerSecond() {
            return gigabits() / end.at("/sum_received/seconds").asDouble();
        }

        double cpuPerGigabit() {
            return cpuSeconds / gigabits();
        }

        double retransmits() {
            return end.at("/sum_sent/retransmits").asDouble();
        }

        /** Datagrams that arrived, in a second. */
        double packetsPerSecond() {
            JsonNode sum = end.path("sum");
            return (sum.path("packets").asDouble() - sum.path("lost_packets").asDouble())
                    / sum.path("seconds").asDouble();
        }
    }

    private final Variant variant;
    private final int seconds;
    private final Path output;
    private final ChildProcess client;
    private final double cpuBefore;

    private Iperf(Variant variant, int seconds, Path output, ChildProcess client, double cpuBefore) {
        this.variant = variant;
        this.seconds = seconds;
        this.output = output;
        this.client = client;
        this.cpuBefore = cpuBefore;
    }

    /** Starts what the runs of a variant talk to; it runs until the laboratory ends. */
    static void listen(Variant variant) {
        ChildProcess server = variant.server().start(Command.of("iperf3", "--server", "--forceflush"));
        server.awaitLog("Server listening", SOON);
    }

    /**
     * Begins a run.
     *
     * @param output a file that does not exist yet, for the report
     * @param options of iperf3
     */
    static Iperf start(Variant variant, int seconds, Path output, String... options) {
        double cpuBefore = variant.cpuSeconds();
        List<String> words = new ArrayList<>(List.of("iperf3", "--client", variant.serverAddress(), "--json"));
        words.addAll(List.of("--time", String.valueOf(seconds)));
        words.addAll(List.of(options));
        ChildProcess client = variant.client().start(Command.of(words).loggingTo(output));
        return new Iperf(variant, seconds, output, client, cpuBefore);
    }

    static Result run(Variant variant, int seconds, Path output, String... options) {
        return start(variant, seconds, output, options).await();
    }

    Result await() {
        double memory = 0;
        long deadline =
                System.nanoTime() + Duration.ofSeconds(seconds).plus(SOON).toNanos();
        while (!client.awaitExit(LOOK)) {
            memory = Math.max(memory, variant.residentMegabytes());
            if (System.nanoTime() > deadline) {
                throw new BenchmarkException(variant.name() + " stands still: iperf3 should take " + seconds
                        + " s, and it said: " + client.logTail(5));
            }
        }
        double cpu = variant.cpuSeconds() - cpuBefore;
        return parse(variant.name(), read(output), cpu, memory);
    }

    static Result parse(String variant, String json, double cpuSeconds, double residentMegabytes) {
        try {
            // Warnings come first.
            JsonNode report = JSON.readTree(json.substring(Math.max(0, json.indexOf('{'))));
            JsonNode end = report.path("end");
            boolean arrived = end.at("/sum_received/bytes").asDouble() > 0
                    || end.at("/sum/packets").asDouble()
                            > end.at("/sum/lost_packets").asDouble();
            if (report.has("error") || !arrived) {
                throw new BenchmarkException(
                        variant + " carries nothing: " + report.path("error").asText("no byte arrived"));
            }
            return new Result(end, cpuSeconds, residentMegabytes);
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("iperf3 wrote no report for " + variant + ": " + json.strip(), e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("what iperf3 said cannot be read", e);
        }
    }
}
