// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import dev.hawser.lab.LabException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The programs of a control plane, in a folder of the user's cache.
 *
 * @param directory holds {@code etcd}, {@code kube-apiserver} and {@code kubectl}
 */
public record KubernetesBinaries(Path directory) {
    private static final String SOURCES = "/dev/hawser/lab/kubebox/";
    private static final List<String> FILES = List.of("build.sh", "go.mod", "go.sum", "main.go", "pause/main.go");
    private static final int QUOTED_LINES = 15;

    /**
     * Finds the programs, or builds them from the sources in our jar: milliseconds, or minutes.
     *
     * @param progress is told what takes the time, line by line
     */
    public static KubernetesBinaries ensure(Consumer<String> progress) {
        try {
            Path sources = Files.createTempDirectory("hawser-kubebox-");
            try {
                for (String file : FILES) {
                    extract(file, sources);
                }
                return new KubernetesBinaries(build(sources, progress));
            } finally {
                delete(sources);
            }
        } catch (IOException e) {
            throw new LabException("Kubernetes cannot be built: " + e.getMessage(), e);
        }
    }

    public Path etcd() {
        return directory.resolve("etcd");
    }

    public Path kubeApiServer() {
        return directory.resolve("kube-apiserver");
    }

    public Path kubectl() {
        return directory.resolve("kubectl");
    }

    private static void extract(String file, Path folder) throws IOException {
        try (InputStream resource = KubernetesBinaries.class.getResourceAsStream(SOURCES + file)) {
            if (resource == null) {
                throw new LabException("resource " + SOURCES + file + " is missing from the jar of the laboratory");
            }
            Path target = folder.resolve(file);
            Files.createDirectories(target.resolveSibling(""));
            Files.copy(resource, target);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    private static Path build(Path sources, Consumer<String> progress) throws IOException {
        Path answer = Files.createTempFile("hawser-kubebox-", ".path");
        try {
            Process script = new ProcessBuilder(
                            "bash", sources.resolve("build.sh").toString())
                    .redirectOutput(answer.toFile())
                    .start();
            Deque<String> last = new ArrayDeque<>();
            try (BufferedReader lines = script.errorReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    progress.accept(line);
                    last.addLast(line);
                    if (last.size() > QUOTED_LINES) {
                        last.removeFirst();
                    }
                }
            }
            if (script.waitFor() != 0) {
                throw new LabException("Kubernetes could not be built: " + String.join("\n", last));
            }
            Path binary = Path.of(Files.readString(answer).strip());
            return binary.resolveSibling("");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while Kubernetes was being built", e);
        } finally {
            Files.deleteIfExists(answer);
        }
    }
}
