// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotTest {
    private static final Snapshot BEFORE = new Snapshot(Map.of("links", List.of("lo", "eth0"), "mounts", List.of("/")));

    @Test
    void findsWhatWasNotThereBeforeAndWhatIsGone() {
        Snapshot after = new Snapshot(Map.of("links", List.of("lo", "veth7"), "mounts", List.of("/")));

        assertThat(after.beyond(BEFORE)).containsExactly("links, gone: eth0", "links: veth7");
    }

    @Test
    void findsNothingInAnUnchangedMachine() {
        assertThat(BEFORE.beyond(BEFORE)).isEmpty();
    }

    @Test
    void survivesAFile(@TempDir Path folder) throws IOException {
        BEFORE.write(folder.resolve("before.json"));

        assertThat(Snapshot.read(folder.resolve("before.json"))).isEqualTo(BEFORE);
    }
}
