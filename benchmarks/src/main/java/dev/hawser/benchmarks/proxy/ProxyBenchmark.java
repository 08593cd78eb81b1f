// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.result.Figure;
import dev.hawser.benchmarks.result.Metric;
import dev.hawser.benchmarks.result.Sample;
import dev.hawser.benchmarks.result.Sampler;
import dev.hawser.benchmarks.result.Summary;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.JavaProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The measurement: proxies, clients and target on one host of a laboratory, over its loopback. The contenders take turns task
 * by task and round by round, A B B A, so that what the machine does to one it does to the other. For one thread.
 */
public final class ProxyBenchmark {
    public static final String NAME = "proxy";
    /** Every metric there is. */
    public static final List<Metric> METRICS = ProxyTask.METRICS;

    public static final String OURS = Contenders.OURS;
    public static final List<String> VARIANTS = Contenders.NAMES;

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final int WARM = 0;
    private static final int COLD = 1;

    private final ProxyPlan plan;
    private final Contenders contenders;
    private final ProxyTurn turn;
    private final Sampler sampler;
    private final Consumer<String> progress;

    private ProxyBenchmark(ProxyPlan plan, Contenders contenders, ProxyTurn turn, Consumer<String> progress) {
        this.plan = plan;
        this.contenders = contenders;
        this.turn = turn;
        this.sampler = new Sampler(plan.repeats(), progress);
        this.progress = progress;
    }

    /**
     * What a run brought.
     *
     * @param facts what a reader must know about the contenders, by name
     */
    public record Outcome(List<Sample> samples, Map<String, String> facts) {
        public Outcome {
            samples = List.copyOf(samples);
            facts = new LinkedHashMap<>(facts);
        }

        /**
         * The medians: those of each contender by itself, and ours once more beside each of the others, as variant
         * {@code hawser/OTHER}.
         */
        public Summary summary() {
            Summary plain = Summary.of(NAME, METRICS, "", samples);
            List<Figure> all = new ArrayList<>(plain.figures());
            for (String other : VARIANTS) {
                Summary.of(NAME, METRICS, other, samples).figures().stream()
                        .filter(figure -> figure.variant().equals(OURS) && figure.ratio() != null)
                        .map(figure -> beside(other, figure))
                        .forEach(all::add);
            }
            return new Summary(all, plain.rounds());
        }

        private static Figure beside(String other, Figure figure) {
            return new Figure(
                    figure.bench(),
                    figure.metric(),
                    OURS + "/" + other,
                    figure.value(),
                    figure.unit(),
                    figure.baseline(),
                    figure.ratio(),
                    figure.rounds(),
                    figure.disturbed());
        }
    }

    /** Measures; minutes. */
    public static Outcome run(ProxyPlan plan, Consumer<String> progress) {
        checkDescriptors();
        try (NetworkLab lab = NetworkLab.open("proxy")) {
            Host host = host(lab);
            ShippedProxy ours = ShippedProxy.unpack(lab.directory().resolve("image"), Optional.empty(), progress);
            Contenders contenders = new Contenders(host, plan.packages(), ours);
            ProxyTurn turn = new ProxyTurn(new Parties(target(host).pid()));
            ProxyBenchmark benchmark = new ProxyBenchmark(plan, contenders, turn, progress);
            host.call(() -> {
                benchmark.run();
                return true;
            });
            return new Outcome(benchmark.sampler.samples(), facts(plan.packages(), ours));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new BenchmarkException("the bench ended early: " + e.getMessage(), e);
        }
    }

    /** A host for all of them, with room for tens of thousands of connections. */
    static Host host(NetworkLab lab) {
        Host host = lab.host("node");
        host.address("lo", Contenders.TARGET + "/32");
        host.address("lo", Contenders.ADDRESS + "/32");
        host.sysctl("net/ipv4/ip_local_port_range", "10000 65000");
        // Every tunnel leaves two ends behind that wait for a minute; their ports are used again meanwhile.
        host.sysctl("net/ipv4/tcp_tw_reuse", "1");
        return host;
    }

    static ChildProcess target(Host host) {
        ChildProcess target = host.start(
                "target",
                JavaProgram.of(LoadTarget.class.getName(), Contenders.TARGET, String.valueOf(Contenders.TARGET_PORT))
                        .command());
        target.awaitLog(LoadTarget.READY, SOON);
        return target;
    }

    private void run() {
        List<ProxyTask> tasks = ProxyTask.giving(plan.metrics());
        Map<String, Contender> warm = new LinkedHashMap<>();
        Map<String, Contender> cold = new LinkedHashMap<>();
        for (String name : VARIANTS) {
            if (plan.variants().contains(name)) {
                warm.put(name, contenders.contender(name, WARM));
                cold.put(name, contenders.contender(name, COLD));
            }
        }
        if (!tasks.stream().allMatch(ProxyTask::cold)) {
            warm.forEach((name, contender) -> {
                progress.accept("warming up " + name);
                contender.start();
                turn.warmUp(contender);
            });
        }
        for (int round = 1; round <= plan.rounds(); round++) {
            for (ProxyTask task : tasks) {
                round(task, round, task.cold() ? cold : warm);
            }
        }
        warm.values().forEach(Contender::close);
    }

    private void round(ProxyTask task, int round, Map<String, Contender> taking) {
        List<Contender> order = List.copyOf(taking.values());
        for (Contender contender : round % 2 == 1 ? order : order.reversed()) {
            sampler.take(task.name(), contender.name(), round, () -> turn.take(task, contender));
        }
    }

    private static Map<String, String> facts(Path packages, ShippedProxy ours) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("image", ours.build());
        facts.put("JVM options", ours.options());
        try {
            Files.readAllLines(packages.resolve("versions")).stream()
                    .map(line -> line.split(" ", 2))
                    .filter(words ->
                            List.of("squid", "tinyproxy-bin", "haproxy").contains(words[0]))
                    .forEach(words -> facts.put(words[0].replace("-bin", ""), words[1]));
        } catch (IOException e) {
            throw new BenchmarkException("the versions of the other proxies are not known: " + e.getMessage(), e);
        }
        return facts;
    }

    /** Every tunnel takes two of a proxy's descriptors; children inherit the limit that this JVM has raised its own to. */
    private static void checkDescriptors() {
        try {
            String limit = Files.readAllLines(Path.of("/proc/self/limits")).stream()
                    .filter(line -> line.startsWith("Max open files"))
                    .collect(Collectors.joining())
                    .replaceAll("\\D+", " ")
                    .strip();
            long descriptors = limit.isEmpty() ? Long.MAX_VALUE : Long.parseLong(limit.split(" ", 2)[0]);
            if (descriptors < Contenders.DESCRIPTORS) {
                throw new BenchmarkException(
                        "a process may open " + descriptors + " files here and " + ProxyTurn.MANY + " tunnels take "
                                + Contenders.DESCRIPTORS + "; raise it: ulimit -n " + Contenders.DESCRIPTORS);
            }
        } catch (IOException e) {
            throw new BenchmarkException("/proc/self/limits cannot be read: " + e.getMessage(), e);
        }
    }
}
