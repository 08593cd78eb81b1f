// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.ipam;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.machine.CpuSnapshot;
import dev.hawser.benchmarks.result.Metric;
import dev.hawser.benchmarks.result.Sample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/** Runs every {@link Step} in a JVM of its own, round by round. */
public final class IpamBenchmark {
    /** Its name in results. */
    public static final String NAME = "ipam";

    /** What is measured, where nothing else is beside it. */
    public static final String SUBJECT = "hawser";

    public static final List<Metric> METRICS = List.of(
            new Metric("alloc_1m_s", "s", "1,000,000 addresses taken and given back"),
            new Metric("heap_mb", "MB", "live heap with a million addresses taken"),
            new Metric("blocks_64k_s", "s", "65,536 blocks of /24 granted in one round of the ledger"),
            new Metric("rebuild_100k_s", "s", "both ledgers rebuilt from what 100,000 objects record"),
            new Metric("address_ns", "ns", "an address given back and another one taken"),
            new Metric("block_ns", "ns", "a block given back and the best fit taken"),
            new Metric("grant_ns", "ns", "a grant in a round of the block ledger"),
            new Metric("exposure_ns", "ns", "a grant in a round of the address ledger"));

    /** More than this on average, and a sample says more about others than about us. */
    private static final double FOREIGN_CORES = 0.15;

    private final Path java = Path.of(System.getProperty("java.home"), "bin", "java");

    /** Runs all steps that many times. */
    public List<Sample> run(int rounds, Consumer<String> say) {
        List<Sample> samples = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (Step step : Step.values()) {
                CpuSnapshot before = CpuSnapshot.take();
                Map<String, Map<String, Double>> values = inItsOwnJvm(step);
                double foreign = before.foreignCoresUntil(CpuSnapshot.take());
                boolean disturbed = foreign > FOREIGN_CORES;
                say.accept(String.format(
                        Locale.ROOT,
                        "round %d of %d: %s %s%s",
                        round,
                        rounds,
                        step.name().toLowerCase(Locale.ROOT),
                        values,
                        disturbed ? "  disturbed: others used %.2f cores".formatted(foreign) : ""));
                for (Map.Entry<String, Map<String, Double>> variant : values.entrySet()) {
                    samples.add(new Sample(
                            step.name().toLowerCase(Locale.ROOT),
                            variant.getKey(),
                            round,
                            1,
                            variant.getValue(),
                            foreign,
                            disturbed));
                }
            }
        }
        return samples;
    }

    private Map<String, Map<String, Double>> inItsOwnJvm(Step step) {
        List<String> command = List.of(
                java.toString(),
                "-XX:+UseSerialGC",
                "-Xmx" + step.heap(),
                "-cp",
                System.getProperty("java.class.path"),
                "dev.hawser.benchmarks.app.IpamStepMain",
                step.name());
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int exit = process.waitFor();
            if (exit != 0) {
                throw new BenchmarkException("step " + step + " ended with " + exit + " in a JVM with -Xmx"
                        + step.heap() + "; see above what it said");
            }
            return JsonMapper.builder().build().readValue(output, new TypeReference<>() {});
        } catch (JsonProcessingException e) {
            throw new BenchmarkException("step " + step + " said something else than its values: " + e.getMessage(), e);
        } catch (IOException e) {
            throw new BenchmarkException("step " + step + " cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted during step " + step, e);
        }
    }
}
