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
 * A script in our jar that puts something into the user's cache and prints where it is; instantaneous if it is there.
 *
 * @param folder resource folder of the script
 * @param script its name
 * @param sources what it needs beside itself
 */
record KeptScript(String folder, String script, List<String> sources) {
    private static final int QUOTED_LINES = 15;

    KeptScript {
        sources = List.copyOf(sources);
    }

    /**
     * Runs the script.
     *
     * @param progress is told what takes the time, line by line
     * @return the one line of its standard output
     */
    Path run(Consumer<String> progress) {
        try {
            Path copy = Files.createTempDirectory("hawser-script-");
            try {
                extract(script, copy);
                for (String source : sources) {
                    extract(source, copy);
                }
                return run(copy, progress);
            } finally {
                delete(copy);
            }
        } catch (IOException e) {
            throw new LabException(folder + "/" + script + " cannot be run: " + e.getMessage(), e);
        }
    }

    /** Copies one file of the script's folder out of our jar. */
    Path extract(String file, Path target) throws IOException {
        String name = "/dev/hawser/lab/" + folder + "/" + file;
        try (InputStream resource = KeptScript.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new LabException("resource " + name + " is missing from the jar of the laboratory");
            }
            Path copy = target.resolve(file);
            Files.createDirectories(copy.resolveSibling(""));
            Files.copy(resource, copy);
            return copy;
        }
    }

    private Path run(Path copy, Consumer<String> progress) throws IOException {
        Path answer = copy.resolve("answer");
        Process process = new ProcessBuilder("bash", copy.resolve(script).toString())
                .redirectOutput(answer.toFile())
                .start();
        Deque<String> last = new ArrayDeque<>();
        try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                progress.accept(line);
                last.addLast(line);
                if (last.size() > QUOTED_LINES) {
                    last.removeFirst();
                }
            }
            if (process.waitFor() != 0) {
                throw new LabException(folder + "/" + script + " failed: " + String.join("\n", last));
            }
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while " + folder + "/" + script + " was running", e);
        }
        return Path.of(Files.readString(answer).strip());
    }

    private static void delete(Path tree) throws IOException {
        try (Stream<Path> all = Files.walk(tree)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
