// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.lab.process.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/** What {@code kubectl get --watch} says of one object, a line for each change. For one thread. */
final class ObjectWatch implements AutoCloseable {
    private static final Duration FIRST = Duration.ofSeconds(5);

    private final String what;
    private final ChildProcess kubectl;
    private int read;

    private ObjectWatch(String what, ChildProcess kubectl) {
        this.what = what;
        this.kubectl = kubectl;
    }

    /** Takes over a kubectl that watches, and waits for its first line: what changes later is not missed. */
    static ObjectWatch of(String what, ChildProcess kubectl) throws Exception {
        ObjectWatch watch = new ObjectWatch(what, kubectl);
        Patience.await("first answer for " + what, System.nanoTime(), FIRST, watch::lines, lines -> !lines.isEmpty());
        return watch;
    }

    /** The state at the moment. */
    String now() throws IOException {
        return lines().getLast();
    }

    /**
     * Waits for a state that fits among those after the last one that was awaited; one that came and went counts.
     *
     * @param since from when on time is measured
     * @return how long after {@code since} it was there
     */
    Duration await(String expected, long since, Duration limit, Predicate<String> fits) throws Exception {
        return Patience.await(what + " " + expected, since, limit, () -> look(fits), Seen::fits);
    }

    @Override
    public void close() {
        kubectl.close();
    }

    /** What the lines that nobody awaited yet hold: the first that fits, else the last one of all. */
    private Seen look(Predicate<String> fits) throws IOException {
        List<String> lines = lines();
        while (read < lines.size()) {
            if (fits.test(lines.get(read++))) {
                return new Seen(lines.get(read - 1), true);
            }
        }
        return new Seen(lines.getLast(), false);
    }

    private record Seen(String line, boolean fits) {
        @Override
        public String toString() {
            return line;
        }
    }

    /** The lines that are complete; the one that is just being written comes with the next call. */
    private List<String> lines() throws IOException {
        String text = Files.readString(kubectl.log());
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }
}
