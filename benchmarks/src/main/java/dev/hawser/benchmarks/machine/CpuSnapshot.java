// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.machine;

import dev.hawser.benchmarks.BenchmarkException;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The CPU time spent on this machine up to a moment, and our part of it.
 *
 * <p>Ours is what this JVM, everything it started, and the kernel's own threads used: packets keep those busy. The rest is
 * foreign: other programs, and what a hypervisor gave to somebody else (steal).
 *
 * @param busySeconds of all CPUs together
 * @param ownSeconds our part
 * @param nanos {@link System#nanoTime()} of the moment
 */
public record CpuSnapshot(double busySeconds, double ownSeconds, long nanos) {
    private static final Path PROC = Path.of("/proc");
    // Times after the word "cpu": user nice system idle iowait irq softirq steal; guest times are part of user's.
    private static final int[] BUSY = {1, 2, 3, 6, 7, 8};

    /** Now. */
    public static CpuSnapshot take() {
        try {
            String total = Files.readAllLines(PROC.resolve("stat")).getFirst();
            return new CpuSnapshot(
                    busySeconds(total),
                    ownSeconds(processes(), ProcessHandle.current().pid()),
                    System.nanoTime());
        } catch (IOException e) {
            throw new BenchmarkException("/proc cannot be read: " + e.getMessage(), e);
        }
    }

    /** How many cores others kept busy, on average, between this moment and a later one; never below 0. */
    public double foreignCoresUntil(CpuSnapshot later) {
        double foreign = later.busySeconds - busySeconds - (later.ownSeconds - ownSeconds);
        return Math.max(0, foreign / ((later.nanos - nanos) / 1e9));
    }

    static double busySeconds(String cpuLine) {
        String[] fields = cpuLine.strip().split(" +", 0);
        long ticks = 0;
        for (int position : BUSY) {
            ticks += Long.parseLong(fields[position]);
        }
        return ticks / ProcessStat.TICKS_PER_SECOND;
    }

    static double ownSeconds(Map<Long, ProcessStat> processes, long root) {
        // The time of a child that ends moves into its parent's account, so nothing is lost or counted twice.
        return processes.values().stream()
                .filter(process -> process.kernel() || descends(process, root, processes))
                .mapToDouble(process -> process.ownSeconds() + process.reapedSeconds())
                .sum();
    }

    private static boolean descends(ProcessStat process, long root, Map<Long, ProcessStat> processes) {
        ProcessStat ancestor = process;
        while (ancestor != null && ancestor.pid() != root) {
            ancestor = processes.get(ancestor.parent());
        }
        return ancestor != null;
    }

    private static Map<Long, ProcessStat> processes() throws IOException {
        Map<Long, ProcessStat> processes = new HashMap<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path folder : folders) {
                long pid = Long.parseLong(folder.getFileName().toString());
                ProcessStat.find(pid).ifPresent(process -> processes.put(pid, process));
            }
        }
        return processes;
    }
}
