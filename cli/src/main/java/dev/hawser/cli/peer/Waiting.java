// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import dev.hawser.cli.terminal.Progress;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Waits for the other processes of a cluster to do their part, and says what it waits for. */
final class Waiting {
    private static final Duration POLL = Duration.ofMillis(150);
    private static final Duration REMINDER = Duration.ofSeconds(5);

    private final Progress progress;
    private final Duration limit;

    Waiting(Progress progress, Duration limit) {
        this.progress = progress;
        this.limit = limit;
    }

    /**
     * Returns when nothing is missing any more.
     *
     * @param missing what is missing, in words
     * @param hint the next step if time runs out
     */
    void until(String what, Supplier<Optional<String>> missing, String hint) throws InterruptedException {
        long start = System.nanoTime();
        long reminded = start;
        while (true) {
            Optional<String> reason = missing.get();
            if (reason.isEmpty()) {
                progress.say(what);
                return;
            }
            long now = System.nanoTime();
            if (now - start > limit.toNanos()) {
                throw new CliException(
                        ExitCode.TIMEOUT,
                        "waited " + limit.toSeconds() + " s in vain for: " + what + "; last seen: " + reason.get(),
                        hint);
            }
            if (now - reminded > REMINDER.toNanos()) {
                reminded = now;
                progress.say("waiting for: " + what + " (" + reason.get() + ")");
            }
            Thread.sleep(POLL);
        }
    }
}
