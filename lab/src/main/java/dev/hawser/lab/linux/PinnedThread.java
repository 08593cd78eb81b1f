// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.linux;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * A daemon platform thread that lives until it is closed and runs what it is given, one task after the other.
 *
 * <p>For whatever the kernel ties to a thread: a network namespace that lasts as long as its thread, children that die
 * with the thread that forked them. An executor would replace a thread that dies, silently, by one in another place.
 */
public final class PinnedThread implements AutoCloseable {
    private final LinkedBlockingQueue<FutureTask<?>> tasks = new LinkedBlockingQueue<>();
    private final FutureTask<?> last = new FutureTask<>(() -> {}, null);
    private final Thread thread;
    private boolean closed;

    private PinnedThread(String name) {
        this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::work);
    }

    public static PinnedThread start(String name) {
        PinnedThread pinned = new PinnedThread(name);
        pinned.thread.start();
        return pinned;
    }

    /** Runs {@code action} on this thread and hands on what it returns or throws. */
    public <T> T call(Callable<T> action) throws Exception {
        if (thread.equals(Thread.currentThread())) {
            return action.call();
        }
        FutureTask<T> task = new FutureTask<>(action);
        submit(task);
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw unwrap(e);
        }
    }

    /** Ends the thread after the tasks it has, and waits for that; calling it again does nothing. */
    @Override
    public void close() {
        synchronized (this) {
            if (!closed) {
                closed = true;
                tasks.add(last);
            }
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The failure of a task as it was thrown, for the thread that waited for it. */
    public static Exception unwrap(ExecutionException failure) {
        return switch (failure.getCause()) {
            case Error error -> throw error;
            case Exception exception -> exception;
            case null, default -> failure;
        };
    }

    private synchronized void submit(FutureTask<?> task) {
        if (closed) {
            throw new IllegalStateException(thread.getName() + " has ended; its laboratory is closed");
        }
        tasks.add(task);
    }

    private void work() {
        while (!last.isDone()) {
            try {
                tasks.take().run();
            } catch (InterruptedException e) {
                // Nobody may end this thread but close(): the kernel objects tied to it would go unnoticed.
            }
        }
    }
}
