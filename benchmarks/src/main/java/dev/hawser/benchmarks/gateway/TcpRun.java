// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * One TCP stream of iperf3 from pod to pod.
 *
 * @param gigabits received, in units of 10^9
 * @param seconds that took
 * @param retransmits segments sent again
 * @param cpuSeconds that the gateways used from before the first byte until after the last
 * @param residentMegabytes the most memory that one of the gateways held meanwhile
 */
record TcpRun(double gigabits, double seconds, long retransmits, double cpuSeconds, double residentMegabytes) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration SOON = Duration.ofSeconds(10);

    /** Starts what the runs of a variant talk to; it runs until the laboratory ends. */
    static void listen(Variant variant) {
        ChildProcess server = variant.server().start(Command.of("iperf3", "--server", "--forceflush"));
        server.awaitLog("Server listening", SOON);
    }

    static TcpRun run(Variant variant, int seconds, Path output) {
        double cpuBefore = variant.cpuSeconds();
        ChildProcess client = variant.client()
                .start(Command.of(
                                "iperf3",
                                "--client",
                                variant.serverAddress(),
                                "--time",
                                String.valueOf(seconds),
                                "--json")
                        .loggingTo(output));
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

    static TcpRun parse(String variant, String json, double cpuSeconds, double residentMegabytes) {
        try {
            JsonNode report = JSON.readTree(json);
            JsonNode received = report.at("/end/sum_received");
            double gigabits = received.path("bytes").asDouble() * 8 / 1e9;
            if (report.has("error") || gigabits <= 0) {
                throw new BenchmarkException(
                        variant + " carries no TCP: " + report.path("error").asText("no byte arrived"));
            }
            return new TcpRun(
                    gigabits,
                    received.path("seconds").asDouble(),
                    report.at("/end/sum_sent/retransmits").asLong(),
                    cpuSeconds,
                    residentMegabytes);
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("iperf3 wrote no report for " + variant + ": " + json.strip(), e);
        }
    }

    double gigabitsPerSecond() {
        return gigabits / seconds;
    }

    double cpuPerGigabit() {
        return cpuSeconds / gigabits;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException("what iperf3 said cannot be read", e);
        }
    }
}
