// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread on which handshakes, timers, probes and configuration run, so that none of them needs a lock.
 *
 * <p>Handshake messages have a queue of their own, from which one is taken when nothing else is to be done: however many come, a
 * probe waits for one of them at most. Both queues are bounded; what does not fit is lost. A task that fails is logged and the
 * thread goes on: no datagram and no object of somebody may end the gateway.
 */
final class ControlThread implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlThread.class);
    private static final int CAPACITY = 1024;

    /** Some seconds of work; a thousand peers that come back at once shall not look like a flood. */
    private static final int MESSAGES = 4096;

    private static final int UNDER_LOAD = MESSAGES / 8;
    private static final long PATIENCE_MILLIS = 100;
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);

    private final BlockingQueue<Runnable> tasks = new ArrayBlockingQueue<>(CAPACITY);
    private final BlockingQueue<Runnable> messages = new ArrayBlockingQueue<>(MESSAGES);
    private final LongSupplier clock;
    private final Runnable tick;
    private volatile boolean stopping;

    ControlThread(LongSupplier clock, Runnable tick) {
        this.clock = clock;
        this.tick = tick;
    }

    /** Hands over a task that may be lost; returns false when the queue is full. */
    boolean offer(Runnable task) {
        return tasks.offer(task);
    }

    /** Hands over what a stranger may have sent; returns false when too much of it waits. */
    boolean offerMessage(Runnable message) {
        boolean taken = messages.offer(message);
        if (taken && tasks.isEmpty()) {
            // The thread may be waiting for a task; one that is there makes it look at the messages as well.
            tasks.offer(ControlThread::lookAgain);
        }
        return taken;
    }

    /** Whether messages wait for so long that their senders should prove who they are. */
    boolean isUnderLoad() {
        return messages.size() >= UNDER_LOAD;
    }

    /**
     * Runs a task on the control thread and waits for it; what it throws is thrown here.
     *
     * @throws IllegalStateException when the thread has been stopped
     */
    void call(Runnable task) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Runnable reporting = () -> {
            try {
                task.run();
                done.complete(null);
            } catch (RuntimeException failure) {
                done.completeExceptionally(failure);
            }
        };
        try {
            boolean queued = false;
            while (!stopping && !queued) {
                queued = tasks.offer(reporting, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            }
            while (!done.isDone()) {
                if (stopping) {
                    throw new IllegalStateException("the gateway has been stopped; start a new one");
                }
                waitFor(done);
            }
            done.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the gateway applied a configuration", interrupted);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failure);
        }
    }

    private static void waitFor(CompletableFuture<Void> done) throws InterruptedException, ExecutionException {
        try {
            done.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException notYet) {
            // The caller looks whether anybody is still there to finish it.
        }
    }

    void stop() {
        stopping = true;
        tasks.offer(ControlThread::lookAgain);
    }

    @Override
    public void run() {
        long nextTick = clock.getAsLong();
        while (!stopping) {
            long now = clock.getAsLong();
            if (now - nextTick >= 0) {
                nextTick = now + TICK;
                guarded(tick);
                continue;
            }
            try {
                Runnable next = next(nextTick - now);
                if (next != null) {
                    guarded(next);
                }
            } catch (InterruptedException interrupted) {
                return;
            }
        }
    }

    private @Nullable Runnable next(long patienceNanos) throws InterruptedException {
        Runnable next = tasks.poll();
        if (next == null) {
            next = messages.poll();
        }
        return next != null ? next : tasks.poll(patienceNanos, TimeUnit.NANOSECONDS);
    }

    /** A task that only ends the wait for one. */
    private static void lookAgain() {}

    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException failure) {
            LOG.error("control thread: a task failed; the gateway goes on", failure);
        }
    }
}
