// SPDX-License-Identifier: Apache-2.0
package dev.hawser.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A program of the build machine that is run to its end, with its output as text. */
final class Program {
    private static final int QUOTED = 2_000;

    private Program() {}

    /**
     * Runs a program.
     *
     * @param what it is to do, for the message if it fails
     * @param environment all there is of it: nothing of the caller's gets in
     * @return what it wrote to standard output and standard error
     */
    static String run(String what, List<String> command, Map<String, String> environment, Duration limit) {
        Path output = null;
        try {
            // A file, not a pipe: a grandchild that lives on would keep a pipe open.
            output = Files.createTempFile("hawser-image-", ".log");
            ProcessBuilder builder =
                    new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            boolean ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String text = Files.readString(output, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                String how = ended ? "status " + process.exitValue() : "no end within " + limit.toSeconds() + " s";
                throw new ImageException(
                        "%s failed with %s: %s\n%s".formatted(what, how, String.join(" ", command), tail(text)));
            }
            return text;
        } catch (IOException e) {
            throw new ImageException(what + " failed: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ImageException(what + " was interrupted", e);
        } finally {
            delete(output);
        }
    }

    private static String tail(String text) {
        return text.length() <= QUOTED ? text : "…" + text.substring(text.length() - QUOTED);
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // A small file in a folder that is emptied by others; no reason to fail.
        }
    }
}
