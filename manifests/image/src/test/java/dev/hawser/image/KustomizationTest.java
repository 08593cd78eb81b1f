// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KustomizationTest {
    @TempDir
    Path folder;

    private static List<String> found(Path file, String pattern) throws IOException {
        return Pattern.compile(pattern, Pattern.MULTILINE)
                .matcher(Files.readString(file))
                .results()
                .map((MatchResult result) -> result.group(1))
                .toList();
    }

    @Test
    void bringsEveryFileThatIsNamed() throws IOException {
        Kustomization.unpack(folder);

        for (String each : List.of("crds", "kustomize/crds", "kustomize/default", "kustomize/example")) {
            Path kustomization = folder.resolve(each).resolve("kustomization.yaml");
            assertThat(found(kustomization, "^- (\\S+)$"))
                    .isNotEmpty()
                    .allSatisfy(name ->
                            assertThat(kustomization.resolveSibling(name)).exists());
        }
    }

    @Test
    void namesEveryFileThatIsThere() throws IOException {
        Kustomization.unpack(folder);

        for (String each : List.of("crds", "kustomize/default", "kustomize/example")) {
            Path kustomization = folder.resolve(each).resolve("kustomization.yaml");
            try (Stream<Path> files = Files.list(kustomization.getParent())) {
                assertThat(files.map(file -> file.getFileName().toString())
                                .filter(name -> !name.equals("kustomization.yaml")))
                        .isSubsetOf(found(kustomization, "^- (\\S+)$"));
            }
        }
    }

    @Test
    void runsTheImageThatIsBuilt() throws IOException {
        Kustomization.unpack(folder);

        for (String each : List.of("gateway", "controller", "api-server-proxy")) {
            assertThat(found(folder.resolve("kustomize/default/" + each + ".yaml"), "^ +image: (\\S+)$"))
                    .containsExactly(ImageBuild.reference());
        }
    }
}
