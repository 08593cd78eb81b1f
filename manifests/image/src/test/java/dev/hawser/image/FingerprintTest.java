// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
    @Test
    void tellsWhereOnePartEndsAndTheNextBegins() {
        assertThat(new Fingerprint().add("a", "bc").text())
                .isNotEqualTo(new Fingerprint().add("ab", "c").text());
        assertThat(new Fingerprint().add("a", "x").add("b", "y").text())
                .isNotEqualTo(new Fingerprint().add("a", "x" + "b" + "y").text());
    }

    @Test
    void takesAFileForItsContent(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");

        assertThat(new Fingerprint().add("name", file).text())
                .isEqualTo(new Fingerprint()
                        .add("name", "content".getBytes(StandardCharsets.UTF_8))
                        .text())
                .hasSize(16);
    }
}
