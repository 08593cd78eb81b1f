// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Programs that bring what a client needs, run where this test runs and not in a laboratory: they need a network. */
final class Tools {
    private static final long MINUTES = 5;

    private Tools() {}

    /** What a program could not bring; the message says why. */
    static final class MissingException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MissingException(String message) {
            super(message);
        }
    }

    /** Runs a program to its end, in this test's folder; the last line it said. */
    static String run(String... command) throws IOException {
        return run(Path.of(""), Map.of(), List.of(command));
    }

    /** Runs a program to its end, in another folder; the last line it said. */
    static String run(Path folder, Map<String, String> environment, List<String> command) throws IOException {
        // A file instead of a pipe: nothing has to read while the program runs, so the limit can be kept.
        Path program = Path.of(command.getFirst()).getFileName();
        Path output = Files.createTempFile("tool", ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(folder.toAbsolutePath().toFile());
            builder.environment().putAll(environment);
            Process process = start(builder.redirectErrorStream(true).redirectOutput(output.toFile()), program);
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new MissingException(program + " did not end within " + MINUTES + " minutes");
            }
            String last = Files.readString(output).strip().lines().reduce("", (before, line) -> line);
            if (process.exitValue() != 0) {
                throw new MissingException(program + " ended with " + process.exitValue() + ": " + last);
            }
            return last;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MissingException("interrupted");
        } finally {
            Files.delete(output);
        }
    }

    private static Process start(ProcessBuilder builder, Path program) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new MissingException(program + " is not there, or does not start");
        }
    }
}
