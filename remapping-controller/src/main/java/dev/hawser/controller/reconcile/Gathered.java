// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A task that runs a moment after it was asked for, once for all that asked meanwhile. Safe for any thread. */
final class Gathered implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Gathered.class);

    private final ScheduledExecutorService scheduler;
    private final Duration moment;
    private final Runnable task;
    private final AtomicBoolean asked = new AtomicBoolean();

    Gathered(ScheduledExecutorService scheduler, Duration moment, Runnable task) {
        this.scheduler = scheduler;
        this.moment = moment;
        this.task = task;
    }

    @Override
    public void run() {
        if (!asked.compareAndSet(false, true)) {
            return;
        }
        try {
            var _ = scheduler.schedule(this::now, moment.toNanos(), TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closed) {
            LOG.debug("what was asked for at the end is not done any more");
        }
    }

    private void now() {
        // First: whoever asks while the task runs may have changed what it has passed already.
        asked.set(false);
        try {
            task.run();
        } catch (RuntimeException failure) {
            LOG.warn("objects could not be rung; each is looked at again within seconds anyway", failure);
        }
    }
}
