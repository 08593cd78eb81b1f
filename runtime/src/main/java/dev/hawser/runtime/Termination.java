// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The orderly end of a process. What was registered last is closed first; all of it together gets {@code limit}, and a
 * part that does not come back within what is left of it is named and left behind. Safe for any thread.
 *
 * <p>The end comes with SIGTERM, SIGINT or {@link System#exit}. After a signal the process's status is 128 plus the
 * signal's number, as the JVM has it.
 */
public final class Termination {
    private static final Logger LOG = LoggerFactory.getLogger(Termination.class);
    // A part that comes after one that hung still gets this long to begin its work.
    private static final long LEAST_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    private record Part(String what, AutoCloseable closeable) {}

    private final Duration limit;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean closing;

    private Termination(Duration limit) {
        this.limit = limit;
    }

    /** A termination that acts when the JVM shuts down. */
    public static Termination atShutdown(Duration limit) {
        Termination termination = new Termination(limit);
        Runtime.getRuntime().addShutdownHook(new Thread(termination::close, "termination"));
        return termination;
    }

    /** A termination that acts only when {@link #close} is called. */
    static Termination detached(Duration limit) {
        return new Termination(limit);
    }

    /**
     * Registers a part to be closed at the end.
     *
     * @param what the part in a word or two, for the log
     * @return the part, so that it can be registered where it is made
     */
    public <T extends AutoCloseable> T onStop(String what, T closeable) {
        synchronized (parts) {
            if (!closing) {
                parts.push(new Part(what, closeable));
                return closeable;
            }
        }
        // The signal came during start-up, and the list has been taken already.
        closeOne(new Part(what, closeable), LEAST_NANOS);
        return closeable;
    }

    /** Waits until every part is closed. */
    public void await() throws InterruptedException {
        ended.await();
    }

    void close() {
        Deque<Part> order;
        synchronized (parts) {
            if (closing) {
                return;
            }
            closing = true;
            order = new ArrayDeque<>(parts);
        }
        if (!order.isEmpty()) {
            LOG.info("stopping {} parts within {} ms", order.size(), limit.toMillis());
        }
        long deadline = System.nanoTime() + limit.toNanos();
        for (Part part : order) {
            closeOne(part, Math.max(LEAST_NANOS, deadline - System.nanoTime()));
        }
        ended.countDown();
    }

    private static void closeOne(Part part, long nanos) {
        long begin = System.nanoTime();
        Thread thread = Thread.ofPlatform().name("stop " + part.what()).daemon().start(() -> {
            try {
                part.closeable().close();
            } catch (Exception e) {
                LOG.warn("{} did not close cleanly: {}", part.what(), e.toString());
            }
        });
        try {
            if (thread.join(Duration.ofNanos(nanos))) {
                LOG.info("stopped {} in {} ms", part.what(), TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin));
            } else {
                LOG.warn(
                        "{} did not stop within {} ms and is left behind",
                        part.what(),
                        TimeUnit.NANOSECONDS.toMillis(nanos));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
