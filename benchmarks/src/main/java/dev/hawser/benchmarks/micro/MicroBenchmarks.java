// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.micro;

import dev.hawser.benchmarks.BenchmarkException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Locale;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** Runs the benchmarks of this package, each in a JVM of its own. */
public final class MicroBenchmarks {
    private static final int FORKS = 1;
    private static final int WARM_UPS = 3;
    private static final int ROUNDS = 5;

    private MicroBenchmarks() {}

    /**
     * Runs them; seconds for each combination of parameters. One whose library is missing gives no row.
     *
     * @param pattern regular expression that names must contain
     * @param seconds length of each round
     * @param json file for JMH's own results
     * @return a table in Markdown
     */
    public static String run(String pattern, double seconds, Path json) {
        TimeValue time = TimeValue.milliseconds(Math.round(seconds * 1000));
        OptionsBuilder options = new OptionsBuilder();
        options.include("dev\\.hawser\\.benchmarks\\.micro\\..*" + pattern)
                .forks(FORKS)
                .warmupIterations(WARM_UPS)
                .warmupTime(time)
                .measurementIterations(ROUNDS)
                .measurementTime(time)
                .shouldFailOnError(false)
                .resultFormat(ResultFormatType.JSON)
                .result(json.toString())
                .jvmArgs(
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-XX:+UseSerialGC",
                        "-Xmx256m");
        try {
            return table(new Runner(options.build()).run());
        } catch (RunnerException e) {
            throw new BenchmarkException("JMH could not run: " + e.getMessage(), e);
        }
    }

    private static String table(Collection<RunResult> results) {
        return "| step | parameters | ns |\n|---|---|--:|\n"
                + results.stream().map(MicroBenchmarks::row).collect(Collectors.joining());
    }

    private static String row(RunResult result) {
        BenchmarkParams params = result.getParams();
        Result<?> primary = result.getPrimaryResult();
        String name = params.getBenchmark().replaceAll(".*\\.(\\w+\\.\\w+)$", "$1");
        String parameters = params.getParamsKeys().stream()
                .map(key -> key + " " + params.getParam(key))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.1f ± %.1f |%n",
                name,
                parameters,
                primary.getScore(),
                primary.getScoreError());
    }
}
