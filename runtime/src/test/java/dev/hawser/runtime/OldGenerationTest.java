// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** In a JVM of its own, with the collector that the image's processes have. */
@Timeout(60)
class OldGenerationTest {
    private static final int PIECE = 1 << 18;
    private static final int PIECES = 120;

    /** Says after each step how often the old generation was collected and how many MiB are in it. */
    static final class Program {
        public static void main(String[] arguments) {
            OldGeneration generation = new OldGeneration();
            System.gc();
            generation.collectIfGrown();
            say("at rest");
            growOld();
            say("grown");
            generation.collectIfGrown();
            say("looked at");
            generation.collectIfGrown();
            say("again");
        }

        /** More than a nursery holds, all of it alive at the same time, and then none of it. */
        private static void growOld() {
            byte[][] living = new byte[PIECES][];
            for (int i = 0; i < 2 * PIECES; i++) {
                living[i % PIECES] = new byte[PIECE];
            }
        }

        private static void say(String when) {
            long collections = ManagementFactory.getGarbageCollectorMXBeans().stream()
                    .filter(each -> each.getName().equals("MarkSweepCompact"))
                    .mapToLong(each -> each.getCollectionCount())
                    .sum();
            long used = ManagementFactory.getMemoryPoolMXBeans().stream()
                    .filter(each -> each.getName().equals("Tenured Gen"))
                    .mapToLong(each -> each.getUsage().getUsed())
                    .sum();
            System.out.println(when + ": " + collections + " collections, "
                    + (used > (long) PIECES * PIECE / 2 ? "much" : "little"));
        }
    }

    @Test
    void collectsWhatHasDiedAndOnlyThen() throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:MaxNewSize=4m",
                        "-Xmx96m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Program.class.getName())
                .redirectErrorStream(true)
                .start();

        assertThat(process.inputReader(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "at rest: 1 collections, little",
                        "grown: 1 collections, much",
                        "looked at: 2 collections, little",
                        "again: 2 collections, little");
    }
}
