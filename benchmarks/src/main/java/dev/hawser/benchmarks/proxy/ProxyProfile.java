// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.profile.Profiler;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Where the time goes in each proxy under each load: what bounds the figures. For one thread. */
public final class ProxyProfile {
    private static final Duration WATCHED = Duration.ofSeconds(3);
    // What is watched begins before and ends after; round trips begin only when thousands of tunnels stand.
    private static final Duration LOAD = Duration.ofMillis(5_500);
    private static final Duration LEAD = Duration.ofMillis(1_200);
    private static final Duration LONG_LEAD = Duration.ofMillis(4_500);

    /** A load that was watched. */
    private record Watched(String name, ProxyLoad load, String came, Profiler profiler, long process) {}

    private ProxyProfile() {}

    /**
     * Watches the contenders of a plan, one after the other.
     *
     * @return sections of a page in Markdown
     */
    public static String run(ProxyPlan plan, Consumer<String> progress) {
        if (!Profiler.present()) {
            throw new BenchmarkException("perf is missing on this machine; install linux-perf (Debian)");
        }
        try (NetworkLab lab = NetworkLab.open("profile")) {
            Path maps = Files.createDirectory(
                    lab.directory().resolve("maps"),
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxrwxrwx")));
            Files.setPosixFilePermissions(maps, PosixFilePermissions.fromString("rwxrwxrwx"));
            Host host = ProxyBenchmark.host(lab);
            ShippedProxy ours = ShippedProxy.unpack(lab.directory().resolve("image"), Optional.of(maps), progress);
            Contenders contenders = new Contenders(host, plan.packages(), ours);
            Parties parties = new Parties(ProxyBenchmark.target(host).pid());
            List<Watched> watched = new ArrayList<>();
            for (String name : Contenders.NAMES) {
                if (plan.variants().contains(name) && !name.equals(Contenders.DIRECT)) {
                    progress.accept("watching " + name);
                    watched.addAll(host.call(() -> watch(contenders.contender(name, 0), parties, lab.directory())));
                }
            }
            return page(watched, maps);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new BenchmarkException("the profile ended early: " + e.getMessage(), e);
        }
    }

    private static List<Watched> watch(Contender contender, Parties parties, Path folder) throws Exception {
        List<Watched> watched = new ArrayList<>();
        contender.start();
        try {
            new ProxyTurn(parties).warmUp(contender);
            for (ProxyLoad load : ProxyLoad.values()) {
                Profiler profiler = new Profiler(folder.resolve(contender.name() + "-" + load + ".perf"));
                Duration lead = load == ProxyLoad.TRIPS ? LONG_LEAD : LEAD;
                long nanos = (load == ProxyLoad.TRIPS ? LOAD.plus(LONG_LEAD) : LOAD).toNanos();
                CompletableFuture<Void> watching = CompletableFuture.runAsync(() -> {
                    LockSupport.parkNanos(lead.toNanos());
                    profiler.record(WATCHED);
                });
                String came = load.carry(contender, parties, nanos);
                watching.join();
                watched.add(new Watched(
                        contender.name(), load, came, profiler, contender.pid().orElseThrow()));
            }
        } finally {
            contender.stop();
        }
        return watched;
    }

    private static String page(List<Watched> watched, Path maps) {
        StringBuilder sections = new StringBuilder();
        for (ProxyLoad load : ProxyLoad.values()) {
            sections.append("\n## `")
                    .append(load.figure())
                    .append("`: ")
                    .append(load.title())
                    .append('\n');
            for (Watched each : watched) {
                if (each.load() == load) {
                    Map<Long, Path> names =
                            each.name().equals(Contenders.OURS) ? Map.of(each.process(), maps) : Map.of();
                    sections.append("\n### ")
                            .append(each.name())
                            .append(": ")
                            .append(each.came())
                            .append("\n\n");
                    sections.append(each.profiler()
                            .profile(Set.of(each.process()), names)
                            .markdown());
                }
            }
        }
        return sections.toString();
    }
}
