// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.variant.Offloads;
import dev.hawser.benchmarks.variant.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What a variant does in its turn. For one thread. */
final class Turn {
    private static final Duration IDLE_TRIPS = Duration.ofMillis(1_500);
    // The stream must have found its speed before trips are counted, and outlast them.
    private static final Duration LOADED_TRIPS = Duration.ofMillis(1_700);
    private static final int LOAD_SECONDS = 3;
    // An IPv4 packet of 1400 bytes, less its headers; one that every variant's tunnel takes whole.
    static final String LARGE = "1372";

    // The ratio of two single streams has a standard deviation of 9 %, that of three and three 8 %: many single ones
    // tell more. But a hundred peers take ten seconds to come and go, so a turn with them should be worth it.
    private static final int REMAP_STREAMS = 1;
    private static final int PEERS_STREAMS = 3;

    private static final int COST_SECONDS = 1;

    private final int seconds;
    private final Path folder;
    private int reports;

    /**
     * @param seconds length of a run with one stream
     * @param folder for what iperf3 reports
     */
    Turn(int seconds, Path folder) {
        this.seconds = seconds;
        this.folder = folder;
    }

    /** Carries a stream that nobody counts. */
    Iperf.Result warmUp(Variant variant, int howLong) {
        return Iperf.run(variant, howLong, report());
    }

    /** Does it, and says what that tells: values by name. */
    Map<String, Double> take(Task task, Variant variant) {
        return switch (task) {
            case TCP1 -> tcp1(variant);
            case TCP4 -> {
                Iperf.Result tcp = Iperf.run(variant, shorter(), report(), "--parallel", "4");
                yield cpu(variant, tcp, "tcp4", "tcp4_cpu_per_gbit");
            }
            case REMAP -> cost(task, variant, REMAP_STREAMS);
            case PEERS -> cost(task, variant, PEERS_STREAMS);
            case UDP64 -> flood(variant, "64", "udp64");
            case UDP1400 -> flood(variant, LARGE, "udp1400");
            case RTT -> {
                PingPong trips = PingPong.run(variant, IDLE_TRIPS);
                yield Map.of("rtt_p50", trips.p50Micros(), "rtt_p99", trips.p99Micros());
            }
            case LOADED -> loaded(variant);
            case NO_GSO -> over(Offloads.JOINED_ONLY, variant, "no_gso");
            case NO_OFFLOAD -> over(Offloads.NONE, variant, "no_offload");
            case START ->
                Map.of(
                        "start_new_s", FirstPacket.seconds(variant, true),
                        "start_s", FirstPacket.seconds(variant, false));
        };
    }

    private Map<String, Double> tcp1(Variant variant) {
        Iperf.Result tcp = Iperf.run(variant, seconds, report());
        Map<String, Double> values = cpu(variant, tcp, "tcp1", "cpu_per_gbit");
        values.put("tcp1_retransmits", tcp.retransmits());
        if (!variant.gateways().isEmpty()) {
            values.put("rss_mb", tcp.residentMegabytes());
        }
        return values;
    }

    private Map<String, Double> cost(Task task, Variant variant, int number) {
        List<Iperf.Result> streams = new ArrayList<>();
        for (int i = 0; i < number; i++) {
            streams.add(Iperf.run(variant, COST_SECONDS, report()));
        }
        Map<String, Double> values = new HashMap<>();
        values.put(Costs.SPEED, average(streams, Iperf.Result::gigabitsPerSecond));
        values.put(Costs.CPU, average(streams, Iperf.Result::cpuPerGigabit));
        if (task == Task.PEERS) {
            values.put(Costs.MEMORY, average(streams, Iperf.Result::residentMegabytes));
        }
        return values;
    }

    private static double average(List<Iperf.Result> streams, ToDoubleFunction<Iperf.Result> figure) {
        return streams.stream().mapToDouble(figure).average().orElseThrow();
    }

    private Map<String, Double> flood(Variant variant, String length, String name) {
        Iperf.Result udp = Iperf.run(variant, half(), report(), "--udp", "--bitrate", "0", "--length", length);
        Map<String, Double> values = new HashMap<>();
        values.put(name + "_pps", udp.packetsPerSecond());
        values.put(name + "_loss", udp.end().at("/sum/lost_percent").asDouble());
        if (!variant.gateways().isEmpty()) {
            values.put(name + "_cpu", udp.cpuSeconds());
        }
        return values;
    }

    private Map<String, Double> loaded(Variant variant) {
        Iperf stream = Iperf.start(variant, LOAD_SECONDS, report());
        PingPong trips = PingPong.run(variant, LOADED_TRIPS);
        Iperf.Result tcp = stream.await();
        return Map.of(
                "rtt_p50_loaded", trips.p50Micros(),
                "rtt_p99_loaded", trips.p99Micros(),
                "loaded_tcp1", tcp.gigabitsPerSecond());
    }

    private Map<String, Double> over(Offloads offloads, Variant variant, String name) {
        variant.nodes().offload(offloads);
        try {
            Iperf.Result tcp = Iperf.run(variant, shorter(), report());
            return cpu(variant, tcp, "tcp1_" + name, "cpu_per_gbit_" + name);
        } finally {
            variant.nodes().offload(Offloads.ALL);
        }
    }

    private static Map<String, Double> cpu(Variant variant, Iperf.Result tcp, String speed, String cpu) {
        Map<String, Double> values = new HashMap<>();
        values.put(speed, tcp.gigabitsPerSecond());
        if (!variant.gateways().isEmpty()) {
            values.put(cpu, tcp.cpuPerGigabit());
        }
        return values;
    }

    private int half() {
        return Math.max(1, seconds / 2);
    }

    private int shorter() {
        return Math.max(1, seconds - 1);
    }

    private Path report() {
        return folder.resolve("iperf3-" + ++reports + ".json");
    }
}
