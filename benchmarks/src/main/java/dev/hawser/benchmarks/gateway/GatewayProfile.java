// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.profile.Profile;
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
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Where the time goes in each variant under each load: what bounds the figures. For one thread. */
public final class GatewayProfile {
    private static final int WARM_UP_SECONDS = 8;
    private static final Duration WATCHED = Duration.ofSeconds(5);
    // What is watched begins before and ends after.
    private static final int LOAD_SECONDS = 7;
    private static final Duration LEAD = Duration.ofMillis(800);

    /** A load that was watched. */
    private record Watched(String name, Load load, String came, Profiler profiler, Set<Long> processes) {
        Profile profile(Path maps) {
            boolean ours = !name.equals(Variants.BASELINE);
            Map<Long, Path> folders =
                    ours ? processes.stream().collect(Collectors.toMap(process -> process, process -> maps)) : Map.of();
            return profiler.profile(processes, folders);
        }

        String row(Profile profile) {
            return "| %s | %s | %s | %s |\n".formatted(load.figures(), name, came, profile.row(WATCHED));
        }

        String section(Profile profile) {
            return "\n### %s: %s\n%s.\n\n%s".formatted(name, load.title(), came, profile.markdown());
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
                        watched.addAll(watch(variant, lab.directory()));
                    }
                }
            }
            return page(watched, maps);
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for the names of compiled code", e);
        }
    }

    private static String page(List<Watched> watched, Path maps) {
        StringBuilder rows = new StringBuilder();
        StringBuilder sections = new StringBuilder();
        watched.stream().sorted(Comparator.comparing(Watched::load)).forEach(each -> {
            Profile profile = each.profile(maps);
            rows.append(each.row(profile));
            sections.append(each.section(profile));
        });
        return "\n| bounds | variant | came out | " + Profile.header() + " |\n|---|---|--:|" + Profile.rule() + "\n"
                + rows + sections;
    }

    private static List<Watched> watch(Variant variant, Path folder) {
        Iperf.listen(variant);
        Iperf.run(variant, WARM_UP_SECONDS, folder.resolve(variant.name() + "-warm-up.json"));
        List<Watched> watched = new ArrayList<>();
        for (Load load : Load.values()) {
            String name = variant.name() + "-" + load;
            Profiler profiler = new Profiler(folder.resolve(name + ".perf"));
            CompletableFuture<Void> watching = CompletableFuture.runAsync(() -> record(profiler));
            String came = load.carry(variant, LOAD_SECONDS, folder.resolve(name + ".json"));
            watching.join();
            watched.add(new Watched(variant.name(), load, came, profiler, pids(variant)));
        }
        return watched;
    }

    private static Set<Long> pids(Variant variant) {
        return variant.gateways().stream().map(Gateway::pid).collect(Collectors.toSet());
    }

    private static void record(Profiler profiler) {
        LockSupport.parkNanos(LEAD.toNanos());
        profiler.record(WATCHED);
    }
}
