// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Reads a file that grows, line by line. For one thread. */
final class LogTail implements AutoCloseable {
    private final Path file;
    private final StringBuilder unfinished = new StringBuilder();
    private @Nullable BufferedReader reader;

    LogTail(Path file) {
        this.file = file;
    }

    /** Passes on the complete lines that were added since the last call. */
    void forEachNew(Consumer<String> lines) {
        try {
            if (reader == null) {
                if (!Files.exists(file)) {
                    return;
                }
                reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
            }
            for (int character = reader.read(); character >= 0; character = reader.read()) {
                if (character == '\n') {
                    lines.accept(unfinished.toString());
                    unfinished.setLength(0);
                } else {
                    unfinished.append((char) character);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("log cannot be read: " + file, e);
        }
    }

    @Override
    public void close() {
        if (reader != null) {
            try {
                reader.close();
            } catch (IOException e) {
                throw new UncheckedIOException("log cannot be closed: " + file, e);
            }
        }
    }
}
