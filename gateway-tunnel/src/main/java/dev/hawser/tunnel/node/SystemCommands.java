// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The programs as child processes, bounded in time. Safe for any thread; they run in the network namespace of the calling
 * one.
 */
public final class SystemCommands implements Commands {
    private static final Duration LIMIT = Duration.ofSeconds(5);
    // A PATH made for users often lacks the folders for administrators.
    private static final List<String> FOLDERS = List.of("/usr/sbin", "/sbin", "/usr/bin", "/bin");

    @Override
    public Result run(String input, String... words) {
        List<String> command = new ArrayList<>(List.of(words));
        command.set(0, locate(words[0]));
        try {
            Process process = new ProcessBuilder(command).start();
            CompletableFuture<String> output = CompletableFuture.supplyAsync(() -> read(process.getInputStream()));
            CompletableFuture<String> errors = CompletableFuture.supplyAsync(() -> read(process.getErrorStream()));
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException endedBeforeItReadAll) {
                // Its exit code and its words on standard error say more.
            }
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new NodeException(String.join(" ", words) + " did not end within " + LIMIT.toSeconds() + " s");
            }
            return new Result(process.exitValue(), output.join(), errors.join());
        } catch (IOException e) {
            throw new NodeException(words[0] + " cannot be started: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NodeException(words[0] + " was interrupted", e);
        }
    }

    private static String locate(String program) {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), FOLDERS.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .map(Path::toString)
                .orElseThrow(() -> new NodeException("the program " + program
                        + " is not installed; install the packages iproute2 and nftables on the node or in the image"));
    }

    private static String read(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }
}
