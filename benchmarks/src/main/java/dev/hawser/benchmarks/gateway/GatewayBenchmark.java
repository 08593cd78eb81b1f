// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.result.Figure;
import dev.hawser.benchmarks.result.Metric;
import dev.hawser.benchmarks.result.Sample;
import dev.hawser.benchmarks.result.Sampler;
import dev.hawser.benchmarks.result.Summary;
import dev.hawser.benchmarks.variant.Gateway;
import dev.hawser.benchmarks.variant.Variant;
import dev.hawser.benchmarks.variant.Variants;
import dev.hawser.lab.net.NetworkLab;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The measurement: all variants stand side by side in one laboratory, and take turns task by task and round by round, A B
 * B A, so that what the machine does to one it does to the other. For one thread.
 */
public final class GatewayBenchmark {
    public static final String NAME = "gateway";
    public static final String BASELINE = Variants.BASELINE;
    /** Every metric there is. */
    public static final List<Metric> METRICS = Task.METRICS;

    // On a slow machine it takes the second compiler four seconds of packets to be done with the loops.
    private static final int WARM_UP_SECONDS = 5;

    private static final int REHEARSALS = 3;

    private final GatewayPlan plan;
    private final Consumer<String> progress;
    private final Turn turn;
    private final Sampler sampler;

    private GatewayBenchmark(GatewayPlan plan, Consumer<String> progress, Path folder) {
        this.plan = plan;
        this.progress = progress;
        this.turn = new Turn(plan.seconds(), folder);
        this.sampler = new Sampler(plan.repeats(), progress);
    }

    /**
     * What a run brought.
     *
     * @param facts what a reader must know about the variants, by name
     */
    public record Outcome(List<Sample> samples, Map<String, String> facts) {
        public Outcome {
            samples = List.copyOf(samples);
            facts = new LinkedHashMap<>(facts);
        }

        /** The medians. */
        public Summary summary() {
            Summary summary = Summary.of(NAME, METRICS, BASELINE, samples);
            List<Figure> all = new ArrayList<>(summary.figures());
            all.addAll(Costs.figures(NAME, METRICS, facts.getOrDefault(Variants.ONE_PEER + " AEAD", ""), samples));
            return new Summary(all, summary.rounds());
        }
    }

    /** Measures; minutes. */
    public static Outcome run(GatewayPlan plan, Consumer<String> progress) {
        try (NetworkLab lab = NetworkLab.open("bench");
                Variants variants =
                        Variants.start(lab, plan.variants(), plan.wireGuardGo(), Optional.empty(), progress)) {
            variants.absent().forEach((name, reason) -> progress.accept(name + " cannot be measured: " + reason));
            GatewayBenchmark benchmark = new GatewayBenchmark(plan, progress, lab.directory());
            benchmark.run(variants);
            return new Outcome(benchmark.sampler.samples(), facts(variants));
        }
    }

    private static Map<String, String> facts(Variants variants) {
        Map<String, String> facts = new LinkedHashMap<>(variants.facts());
        variants.all()
                .forEach(variant ->
                        variant.facts().forEach((name, value) -> facts.put(variant.name() + " " + name, value)));
        variants.absent().forEach((name, reason) -> facts.put(name, "not measured: " + reason));
        return facts;
    }

    private void run(Variants variants) {
        variants.all().forEach(Iperf::listen);
        List<Task> tasks = Task.giving(plan.metrics());
        for (Variant variant : variants.all()) {
            if (!variant.gateways().isEmpty() && tasks.stream().anyMatch(task -> task != Task.START)) {
                progress.accept("warming up " + variant.name());
                variant.entry().run();
                sampler.patiently(() -> turn.warmUp(variant, WARM_UP_SECONDS));
            }
        }
        rounds(tasks.stream().filter(task -> !task.isApart()).toList(), variants);
        for (Task task : tasks.stream().filter(Task::isApart).toList()) {
            if (task == Task.START) {
                retire(variants);
            }
            if (task.comparesOnePair()) {
                rehearse(task, variants);
            }
            rounds(List.of(task), variants);
        }
    }

    /**
     * Turns that nobody counts. What gateways do with peers that are down is compiled meanwhile: when all of it went to the second
     * compiler, for 74 ms in each of the first twelve streams of two seconds, and for 6 ms in each of the next eighteen.
     */
    private void rehearse(Task task, Variants variants) {
        progress.accept("rehearsing " + task.name());
        for (int i = 0; i < REHEARSALS; i++) {
            for (Variant variant : taking(task, variants)) {
                variant.entry().run();
                sampler.patiently(() -> turn.warmUp(variant, WARM_UP_SECONDS));
            }
        }
    }

    /** As many rounds as were asked for, and half as many more at most for tasks that have not so many that nothing disturbed. */
    private void rounds(List<Task> tasks, Variants variants) {
        for (int round = 1; round <= plan.rounds() * 3 / 2 + 1; round++) {
            for (Task task : tasks) {
                if (round <= plan.rounds() || sampler.cleanRounds(task.name()) < plan.rounds()) {
                    round(task, round, variants);
                }
            }
        }
    }

    /** Ends those that have no turn any more: they would only take time from those that start. */
    private static void retire(Variants variants) {
        List<Variant> starting = taking(Task.START, variants);
        Set<Gateway> needed = starting.stream()
                .flatMap(variant -> variant.gateways().stream())
                .collect(Collectors.toSet());
        variants.all().stream()
                .flatMap(variant -> variant.gateways().stream())
                .filter(gateway -> !needed.contains(gateway))
                .forEach(Gateway::stop);
    }

    private static List<Variant> taking(Task task, Variants variants) {
        return variants.all().stream().filter(task::takes).toList();
    }

    private void round(Task task, int round, Variants variants) {
        List<Variant> taking = taking(task, variants);
        for (int i = 1; i <= task.turns(); i++) {
            int number = (round - 1) * task.turns() + i;
            for (Variant variant : number % 2 == 1 ? taking : taking.reversed()) {
                variant.entry().run();
                sampler.take(task.name(), variant.name(), number, () -> turn.take(task, variant));
            }
        }
    }
}
