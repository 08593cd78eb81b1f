// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.lab.junit.RequiresLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

@RequiresLab
class ControlGroupIT {
    @Test
    void holdsProcessesAndGoesWhenTheyHaveEnded() throws Exception {
        ControlGroup group = ControlGroup.create("It, of course");
        Process sleeper = new ProcessBuilder("sleep", "600").start();
        Path daemons = ControlGroup.find(group.name(), ControlGroup.DAEMONS).orElseThrow();

        Files.writeString(daemons.resolve("cgroup.procs"), Long.toString(sleeper.pid()));

        assertThat(ControlGroup.processes(daemons.resolveSibling(""))).containsExactly(sleeper.pid());
        sleeper.destroyForcibly();
        group.close();
        assertThat(named(group.name())).isEmpty();
    }

    @Test
    void removesOnlyWhatADeadJvmLeft() throws Exception {
        Process dead = new ProcessBuilder("true").start();
        dead.waitFor();
        try (ControlGroup ours = ControlGroup.create("ours")) {
            Path daemons = ControlGroup.find(ours.name(), ControlGroup.DAEMONS).orElseThrow();
            Path hierarchy = daemons.resolve("../..").normalize();
            String abandoned = "hawser-lab-" + dead.pid() + "-1-gone";
            Files.createDirectories(hierarchy.resolve(abandoned).resolve(ControlGroup.DAEMONS));

            ControlGroup.removeAbandoned();

            assertThat(named(abandoned)).isEmpty();
            assertThat(named(ours.name())).isNotEmpty();
        }
    }

    private static List<Path> named(String name) throws IOException {
        try (Stream<Path> found = Files.find(
                Path.of("/sys/fs/cgroup"),
                2,
                (path, attributes) -> path.getFileName().toString().equals(name))) {
            return found.toList();
        }
    }
}
