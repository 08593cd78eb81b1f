// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * What somebody must know about the machine to judge a figure.
 *
 * @param cpu model name
 * @param cores that this JVM may use
 * @param memory total, with its unit
 * @param kernel release
 * @param system name and version of the distribution
 */
public record MachineFacts(String cpu, int cores, String memory, String kernel, String system) {
    private static final String UNKNOWN = "unknown";

    /** Of this machine. */
    public static MachineFacts read() {
        String memory = value("/proc/meminfo", "MemTotal", ":").replaceAll("\\D", "");
        return new MachineFacts(
                value("/proc/cpuinfo", "model name", ":"),
                Runtime.getRuntime().availableProcessors(),
                memory.isEmpty()
                        ? UNKNOWN
                        : String.format(Locale.ROOT, "%.1f GiB", Long.parseLong(memory) / 1024.0 / 1024.0),
                System.getProperty("os.version", UNKNOWN),
                value("/etc/os-release", "PRETTY_NAME", "=").replace("\"", ""));
    }

    private static String value(String file, String key, String separator) {
        try {
            return Files.readAllLines(Path.of(file)).stream()
                    .filter(line -> line.startsWith(key))
                    .map(line -> line.substring(line.indexOf(separator) + 1).strip())
                    .findFirst()
                    .orElse(UNKNOWN);
        } catch (IOException e) {
            // No reason to throw a measurement away.
            return UNKNOWN;
        }
    }
}
