// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.profile.Profiler;
import dev.hawser.benchmarks.variant.Gateway;
import dev.hawser.benchmarks.variant.Variant;
import dev.hawser.benchmarks.variant.Variants;
import dev.hawser.lab.net.NetworkLab;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Where the time goes while one TCP stream passes, for each variant: what bounds the figures. For one thread. */
public final class GatewayProfile {
    private static final int WARM_UP_SECONDS = 8;
    private static final Duration WATCHED = Duration.ofSeconds(8);
    // The stream begins before and ends after.
    private static final int STREAM_SECONDS = 10;
    private static final Duration LEAD = Duration.ofMillis(800);

    /** A stream that was watched. */
    private record Watched(String name, Profiler profiler, Iperf.Result stream, List<Long> processes) {
        String markdown(Path maps, boolean ours) {
            Map<Long, Path> folders =
                    ours ? processes.stream().collect(Collectors.toMap(process -> process, process -> maps)) : Map.of();
            return String.format(
                            Locale.ROOT,
                            "\n### %s\n%.2f Gbit/s, %.3f s of CPU time in both gateways per Gbit.\n\n",
                            name,
                            stream.gigabitsPerSecond(),
                            stream.cpuPerGigabit())
                    + profiler.profile(Set.copyOf(processes), folders).markdown();
        }
    }

    private GatewayProfile() {}

    /**
     * Watches variants that have gateways, one after the other.
     *
     * @param facts is given what a reader must know about the variants, by name
     * @return sections of a page in Markdown
     */
    public static String run(GatewayPlan plan, Map<String, String> facts, Consumer<String> progress) {
        if (!Profiler.present()) {
            throw new BenchmarkException("perf is missing on this machine; install linux-perf (Debian)");
        }
        try (NetworkLab lab = NetworkLab.open("profile")) {
            Path maps = Files.createDirectories(lab.directory().resolve("maps"));
            List<Watched> watched = new ArrayList<>();
            try (Variants variants =
                    Variants.start(lab, plan.variants(), plan.wireGuardGo(), Optional.of(maps), progress)) {
                facts.putAll(variants.facts());
                for (Variant variant : variants.all()) {
                    if (!variant.gateways().isEmpty()) {
                        progress.accept("watching " + variant.name());
                        watched.add(watch(variant, lab.directory()));
                    }
                }
            }
            Map<String, String> sections = new LinkedHashMap<>();
            for (Watched each : watched) {
                sections.put(each.name(), each.markdown(maps, !each.name().equals(Variants.BASELINE)));
            }
            return String.join("", sections.values());
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for the names of compiled code", e);
        }
    }

    private static Watched watch(Variant variant, Path folder) {
        Iperf.listen(variant);
        Iperf.run(variant, WARM_UP_SECONDS, folder.resolve(variant.name() + "-warm-up.json"));
        Profiler profiler = new Profiler(folder.resolve(variant.name() + ".perf"));
        Iperf stream = Iperf.start(variant, STREAM_SECONDS, folder.resolve(variant.name() + "-watched.json"));
        try {
            Thread.sleep(LEAD);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted before anything was seen", e);
        }
        profiler.record(WATCHED);
        List<Long> processes = variant.gateways().stream().map(Gateway::pid).toList();
        return new Watched(variant.name(), profiler, stream.await(), processes);
    }
}
