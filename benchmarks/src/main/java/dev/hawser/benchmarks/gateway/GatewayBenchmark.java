// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.machine.CpuSnapshot;
import dev.hawser.benchmarks.result.Metric;
import dev.hawser.benchmarks.result.Sample;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.net.NetworkLab;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The measurement: all variants stand side by side in one laboratory, and take turns round by round, A B A B, so that what
 * the machine does to one it does to the other.
 *
 * <p>A sample during which others used much CPU is taken again, a few times in a run. For one thread.
 */
public final class GatewayBenchmark {
    public static final String NAME = "gateway";
    public static final String BASELINE = WireGuardGoVariant.NAME;
    public static final List<Metric> METRICS = List.of(
            new Metric("tcp1", "Gbit/s", "throughput of one TCP stream"),
            new Metric("cpu_per_gbit", "s/Gbit", "CPU time of both gateways per Gbit of that stream"),
            new Metric("rtt_p50", "us", "round trip of 64 bytes over TCP, median, idle"),
            new Metric("rss_mb", "MB", "resident memory of the larger gateway during that stream"));

    /** Cores that others may use during a sample. Tick-wise accounting of so short a time is off by some hundredths. */
    private static final double FOREIGN_CORES = 0.15;
    /** Bounds the time of a run on a machine that is never idle. */
    private static final int MOST_REPEATS = 6;

    private static final int ATTEMPTS = 3;
    // On a slow machine it takes the second compiler four seconds of packets to be done with the loops.
    private static final int WARM_UP_SECONDS = 5;

    private final GatewayPlan plan;
    private final Consumer<String> progress;
    private final List<Sample> samples = new ArrayList<>();
    private int repeats;

    private GatewayBenchmark(GatewayPlan plan, Consumer<String> progress) {
        this.plan = plan;
        this.progress = progress;
    }

    /**
     * What a run brought.
     *
     * @param cipher the AEAD that our gateway chose
     */
    public record Outcome(List<Sample> samples, String cipher) {
        public Outcome {
            samples = List.copyOf(samples);
        }
    }

    /** Measures; minutes. */
    public static Outcome run(GatewayPlan plan, Consumer<String> progress) {
        return new GatewayBenchmark(plan, progress).run();
    }

    private Outcome run() {
        KubernetesBinaries binaries = KubernetesBinaries.ensure(progress);
        try (NetworkLab lab = NetworkLab.open("bench");
                Variant direct = DirectVariant.start(lab);
                Variant wireGuardGo = WireGuardGoVariant.start(lab, plan.wireGuardGo());
                Variant hawser = HawserVariant.start(lab, binaries)) {
            List<Variant> turns = List.of(hawser, wireGuardGo, direct);
            turns.forEach(TcpRun::listen);
            warmUp(hawser, lab.directory());
            warmUp(wireGuardGo, lab.directory());
            for (int round = 1; round <= plan.rounds(); round++) {
                for (Variant variant : turns) {
                    sample(variant, round, lab.directory());
                }
            }
            return new Outcome(samples, HawserVariant.cipher(hawser));
        }
    }

    private void warmUp(Variant variant, Path folder) {
        progress.accept("warming up " + variant.name());
        TcpRun.run(variant, WARM_UP_SECONDS, folder.resolve(variant.name() + "-warm-up.json"));
    }

    private void sample(Variant variant, int round, Path folder) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Path report = folder.resolve("%s-%d-%d.json".formatted(variant.name(), round, attempt));
            Sample sample = measure(variant, round, attempt, report);
            samples.add(sample);
            progress.accept(line(sample));
            if (!sample.disturbed() || attempt == ATTEMPTS || repeats == MOST_REPEATS) {
                return;
            }
            repeats++;
        }
    }

    private Sample measure(Variant variant, int round, int attempt, Path report) {
        CpuSnapshot before = CpuSnapshot.take();
        TcpRun tcp = TcpRun.run(variant, plan.tcpSeconds(), report);
        PingPong trips = PingPong.run(variant, plan.roundTrips());
        double foreign = before.foreignCoresUntil(CpuSnapshot.take());
        Map<String, Double> values = new HashMap<>();
        values.put("tcp1", tcp.gigabitsPerSecond());
        values.put("tcp1_retransmits", (double) tcp.retransmits());
        values.put("rtt_p50", trips.p50Micros());
        values.put("rtt_p99", trips.p99Micros());
        if (!variant.gateways().isEmpty()) {
            values.put("cpu_per_gbit", tcp.cpuPerGigabit());
            values.put("rss_mb", tcp.residentMegabytes());
        }
        return new Sample(variant.name(), round, attempt, values, foreign, foreign > FOREIGN_CORES);
    }

    private static String line(Sample sample) {
        return String.format(
                Locale.ROOT,
                "round %d %-12s %6.2f Gbit/s  %5.0f us  %s%s",
                sample.round(),
                sample.variant(),
                sample.values().get("tcp1"),
                sample.values().get("rtt_p50"),
                cost(sample),
                sample.disturbed()
                        ? String.format(Locale.ROOT, "  disturbed: others used %.2f cores", sample.foreignCores())
                        : "");
    }

    private static String cost(Sample sample) {
        Double cpu = sample.values().get("cpu_per_gbit");
        Double memory = sample.values().get("rss_mb");
        return cpu == null || memory == null ? "" : String.format(Locale.ROOT, "%5.2f s/Gbit  %4.0f MB", cpu, memory);
    }
}
