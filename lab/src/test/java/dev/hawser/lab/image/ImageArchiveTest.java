// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageArchiveTest {
    @TempDir
    Path folder;

    @Test
    void writesWhatTarReads() throws Exception {
        Path archive = image("x.tar");

        assertThat(run("tar", "-tf", archive.toString()).lines())
                .startsWith("oci-layout", "index.json")
                .hasSize(5);
        assertThat(run("tar", "-xOf", archive.toString(), "index.json"))
                .contains("\"org.opencontainers.image.ref.name\":\"lab.test/x:1\"");
    }

    @Test
    void laysOutFilesLinksAndTheFoldersAboveThem() throws Exception {
        String layer = run("bash", "-c", """
                set -e
                tar -xf %s -C %s
                tar -tvf $(ls -S %s/blobs/sha256/* | head -1)
                """.formatted(image("x.tar"), folder, folder));

        assertThat(layer.lines().map(line -> line.replaceAll(" .* \\d\\d:\\d\\d ", " ")))
                .containsExactly(
                        "drwxrwxrwt tmp/", "drwxr-xr-x bin/", "lrwxrwxrwx bin/sh -> tool", "-rwxr-xr-x bin/tool");
    }

    @Test
    void givesTheSameBytesForTheSameFiles() throws Exception {
        assertThat(Files.readAllBytes(image("one.tar"))).isEqualTo(Files.readAllBytes(image("other.tar")));
    }

    @Test
    void namesEveryBlobByItsSum() throws Exception {
        run("tar", "-xf", image("x.tar").toString(), "-C", folder.toString());

        try (Stream<Path> blobs = Files.list(folder.resolve("blobs/sha256"))) {
            List<Path> all = blobs.toList();
            assertThat(all).hasSize(3);
            for (Path blob : all) {
                assertThat(run("sha256sum", blob.toString()))
                        .startsWith(blob.getFileName().toString());
            }
        }
    }

    private Path image(String name) throws IOException {
        Path tool = Files.writeString(folder.resolve("tool"), "#!/bin/sh\n".repeat(200));
        Path archive = folder.resolve(name);
        ImageArchive.of("lab.test/x:1")
                .file(tool, "/bin/tool")
                .link("/bin/sh", "tool")
                .entrypoint("/bin/tool", "a \"b\"")
                .write(archive);
        return archive;
    }

    private static String run(String... command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }
}
