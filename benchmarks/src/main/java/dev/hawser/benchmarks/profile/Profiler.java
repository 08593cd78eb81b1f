// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.profile;

import dev.hawser.benchmarks.BenchmarkException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** perf, looking at every processor a thousand times a second. For one thread. */
public final class Profiler {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    /** Looks in a second. */
    static final double FREQUENCY = 997;

    private final Path data;

    /**
     * @param data a file that does not exist yet
     */
    public Profiler(Path data) {
        this.data = data;
    }

    /** Whether this machine has it. */
    public static boolean present() {
        return Stream.of("/usr/bin/perf", "/usr/sbin/perf", "/usr/local/bin/perf")
                .anyMatch(file -> Files.isExecutable(Path.of(file)));
    }

    /** Looks for so long; whoever calls sees to it that there is something to see. */
    public void record(Duration duration) {
        run(List.of(
                "perf",
                "record",
                "--quiet",
                "--all-cpus",
                "--event=cpu-clock",
                "--freq=" + (int) FREQUENCY,
                "--output=" + data,
                "--",
                "sleep",
                String.valueOf(duration.toSeconds())));
    }

    /**
     * What it saw.
     *
     * @param gateways their process ids
     * @param maps process id of a JVM to the folder where it left its map when it ended
     */
    public Profile profile(Set<Long> gateways, Map<Long, Path> maps) {
        Map<Long, PerfMap> code = new HashMap<>();
        maps.forEach((process, folder) -> code.put(process, map(folder.resolve("perf-" + process + ".map"))));
        List<String> lines = run(List.of("perf", "script", "--input=" + data, "-F", "comm,pid,tid,ip,sym,dso"));
        return Profile.parse(lines, gateways, code);
    }

    private static PerfMap map(Path file) {
        try {
            return PerfMap.parse(Files.readAllLines(file));
        } catch (IOException e) {
            throw new BenchmarkException("the JVM left no names of what it compiled: " + file + " cannot be read", e);
        }
    }

    private List<String> run(List<String> command) {
        try {
            Path output = data.resolveSibling(data.getFileName() + ".out");
            Path errors = data.resolveSibling(data.getFileName() + ".err");
            Process process = new ProcessBuilder(new ArrayList<>(command))
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile())
                    .start();
            if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new BenchmarkException("perf did not end within " + PATIENCE.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new BenchmarkException(
                        "perf failed: " + Files.readString(errors).strip());
            }
            return Files.readAllLines(output);
        } catch (IOException e) {
            throw new BenchmarkException("perf cannot be run: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkException("interrupted while perf was running", e);
        }
    }
}
