// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Waiting with a limit, measured from a moment that the caller names. */
final class Patience {
    private static final Duration POLL = Duration.ofMillis(40);

    private Patience() {}

    /**
     * Asks until the answer fits, and returns how long after {@code since} it did.
     *
     * @param since a reading of {@link System#nanoTime}
     * @param what is awaited, for the message
     */
    static <T> Duration await(String what, long since, Duration limit, Callable<T> question, Predicate<T> fits)
            throws Exception {
        while (true) {
            T answer = question.call();
            Duration passed = Duration.ofNanos(System.nanoTime() - since);
            if (fits.test(answer)) {
                CheckFailedException.unless(
                        passed.compareTo(limit) <= 0,
                        what + " took " + seconds(passed) + ", allowed are " + seconds(limit));
                return passed;
            }
            CheckFailedException.unless(
                    passed.compareTo(limit) <= 0, what + ": not after " + seconds(passed) + "; last seen: " + answer);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** For people, to a tenth. */
    static String seconds(Duration duration) {
        return String.format(Locale.ROOT, "%.1f s", duration.toNanos() / 1e9);
    }
}
