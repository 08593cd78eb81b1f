// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a process uses, by what the kernel says of it.
 *
 * @param cpuSeconds in user and kernel mode since its start
 * @param residentMib memory in RAM now
 * @param descriptors open files
 * @param threads threads
 */
record Usage(double cpuSeconds, long residentMib, long descriptors, long threads) {
    private static final double TICKS_PER_SECOND = 100;

    static Usage of(long pid) throws IOException {
        Path process = Path.of("/proc", String.valueOf(pid));
        String stat = Files.readString(process.resolve("stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        long resident = Files.readAllLines(process.resolve("status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                .findFirst()
                .orElse(0);
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            return new Usage(ticks / TICKS_PER_SECOND, resident / 1024, open.count(), Long.parseLong(fields[17]));
        }
    }
}
