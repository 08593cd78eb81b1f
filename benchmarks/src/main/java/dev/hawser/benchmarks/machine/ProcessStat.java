// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.machine;

import dev.hawser.benchmarks.BenchmarkException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One process as {@code /proc/PID/stat} shows it (proc(5)).
 *
 * @param kernel whether it is a thread of the kernel
 * @param ownSeconds CPU time of all its threads, user and system
 * @param reapedSeconds CPU time of its ended children and theirs
 */
public record ProcessStat(long pid, long parent, boolean kernel, double ownSeconds, double reapedSeconds) {
    /** USER_HZ: the unit of CPU times in /proc, 100 on every architecture the JDK runs on, whatever the kernel's tick. */
    static final double TICKS_PER_SECOND = 100;

    private static final Path PROC = Path.of("/proc");
    private static final int PF_KTHREAD = 0x0020_0000;
    // Positions behind the name, which may itself contain blanks and parentheses.
    private static final int PARENT = 1;
    private static final int FLAGS = 6;
    private static final int USER_TIME = 11;

    /** The process with this id, which must exist. */
    public static ProcessStat of(long pid) {
        return find(pid)
                .orElseThrow(() -> new BenchmarkException("process " + pid + " ended while it was being measured"));
    }

    static Optional<ProcessStat> find(long pid) {
        try {
            return Optional.of(parse(
                    Files.readString(PROC.resolve(String.valueOf(pid)).resolve("stat"), StandardCharsets.ISO_8859_1)));
        } catch (IOException e) {
            // It ended meanwhile.
            return Optional.empty();
        }
    }

    static ProcessStat parse(String line) {
        String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ");
        return new ProcessStat(
                Long.parseLong(line.substring(0, line.indexOf(' '))),
                Long.parseLong(fields[PARENT]),
                (Long.parseLong(fields[FLAGS]) & PF_KTHREAD) != 0,
                (ticks(fields, USER_TIME) + ticks(fields, USER_TIME + 1)) / TICKS_PER_SECOND,
                (ticks(fields, USER_TIME + 2) + ticks(fields, USER_TIME + 3)) / TICKS_PER_SECOND);
    }

    private static long ticks(String[] fields, int position) {
        return Long.parseLong(fields[position]);
    }

    /** Resident memory of a process now, shared pages included, in MB of 10^6 bytes. */
    public static double residentMegabytes(long pid) {
        try {
            return Files.readAllLines(PROC.resolve(String.valueOf(pid)).resolve("status")).stream()
                            .filter(line -> line.startsWith("VmRSS:"))
                            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                            .map(kibibytes -> kibibytes * 1024)
                            .findFirst()
                            .orElse(0)
                    / 1e6;
        } catch (IOException e) {
            throw new BenchmarkException("the memory of process " + pid + " cannot be read: it has ended", e);
        }
    }
}
