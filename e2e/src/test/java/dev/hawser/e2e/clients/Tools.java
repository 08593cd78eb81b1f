// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs that bring what a client needs, run where this test runs and not in a laboratory: they need a network. */
final class Tools {
    private static final long MINUTES = 5;

    private Tools() {}

    /** Runs a program to its end; the reason if it fails. */
    static Optional<String> run(List<String> command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                return Optional.of(command.getFirst() + " did not end within " + MINUTES + " minutes");
            }
            return process.exitValue() == 0
                    ? Optional.empty()
                    : Optional.of(command.getFirst() + " ended with " + process.exitValue() + ": "
                            + said.strip().lines().reduce("", (first, last) -> last));
        } catch (IOException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }
}
