// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.process.JavaProgram;
import dev.hawser.lab.process.ProcessParent;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packet threads leave to the collector: nothing, so that its choice does not matter. */
@RequiresLab
class AllocationIT {
    private static final long PACKETS = 1_000_000;
    /** So many may pass before the compilers have found their last word. */
    private static final long MOST = 6_000_000;

    // A thread that is asked by another, or renews its keys, may leave a few objects in so many seconds.
    private static final long KILOBYTE = 1024;

    @TempDir
    private Path folder;

    @Test
    void packetThreadsAllocateNothingForAMillionPackets() {
        Map<String, Long> counted;
        try (ProcessParent processes = new ProcessParent(folder)) {
            counted = processes
                    .run(JavaProgram.of(
                                    AllocationProgram.class.getName(), String.valueOf(PACKETS), String.valueOf(MOST))
                            .command())
                    .orThrow()
                    .stdout()
                    .lines()
                    .filter(line -> line.matches("[a-z0-9-]+ \\d+"))
                    .map(line -> line.split(" ", -1))
                    .collect(Collectors.toMap(words -> words[0], words -> Long.parseLong(words[1])));
        }
        System.out.println("bytes allocated by each packet thread: " + counted);

        assertThat(counted.remove("packets")).isGreaterThanOrEqualTo(PACKETS);
        assertThat(counted).as("two threads of two gateways").hasSize(4);
        assertThat(counted.values()).allSatisfy(bytes -> assertThat(bytes).isLessThanOrEqualTo(KILOBYTE));
    }
}
