// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrdYamlTest {
    private static final Path COMMITTED = Path.of("..", "manifests", "crds");

    @Test
    void committedCrdsAreThoseOfTheJavaTypes(@TempDir Path scratch) throws IOException {
        Map<String, String> generated = CrdYaml.generate(scratch);
        if (Boolean.getBoolean("hawser.crds.write")) {
            write(generated);
        }

        assertThat(committed())
                .as("manifests/crds has drifted from the types in crds/; run: make crds")
                .isEqualTo(generated);
    }

    private static Map<String, String> committed() throws IOException {
        Map<String, String> documents = new TreeMap<>();
        if (Files.isDirectory(COMMITTED)) {
            try (Stream<Path> files = Files.list(COMMITTED)) {
                for (Path file : files.filter(each -> !each.endsWith("kustomization.yaml"))
                        .toList()) {
                    documents.put(file.getFileName().toString(), Files.readString(file));
                }
            }
        }
        return documents;
    }

    private static void write(Map<String, String> documents) throws IOException {
        Files.createDirectories(COMMITTED);
        for (Map.Entry<String, String> document : documents.entrySet()) {
            Files.writeString(COMMITTED.resolve(document.getKey()), document.getValue());
        }
    }
}
