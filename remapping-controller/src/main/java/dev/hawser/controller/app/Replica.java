// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.app;

import dev.hawser.controller.reconcile.FabricController;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A controller that stays in the running: when it loses the lead (it was paused, or the API server was away for a moment)
 * it begins anew, remembering nothing of what it believed while it led. Safe for any thread.
 */
final class Replica implements AutoCloseable {
    private static final Duration BEFORE_NEXT_ATTEMPT = Duration.ofSeconds(2);
    private static final Logger LOG = LoggerFactory.getLogger(Replica.class);

    private final Function<Runnable, FabricController> maker;
    private final ExecutorService restarts =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("restart").factory());
    private volatile FabricController current;
    private volatile boolean closed;

    /**
     * A replica that does nothing yet.
     *
     * @param maker makes a controller out of what it is to call when it has lost the lead
     */
    Replica(Function<Runnable, FabricController> maker) {
        this.maker = maker;
        this.current = maker.apply(this::beginAnew);
    }

    void start() {
        current.start();
    }

    boolean leading() {
        return current.leading();
    }

    boolean live() {
        return current.live();
    }

    @Override
    public void close() {
        closed = true;
        restarts.shutdownNow();
        current.close();
    }

    private void beginAnew() {
        if (!closed) {
            restarts.execute(this::replace);
        }
    }

    private void replace() {
        current.close();
        while (!closed) {
            try {
                current = maker.apply(this::beginAnew);
                current.start();
                return;
            } catch (RuntimeException failure) {
                LOG.warn("could not begin anew; trying again in {} s", BEFORE_NEXT_ATTEMPT.toSeconds(), failure);
                current.close();
            }
            try {
                Thread.sleep(BEFORE_NEXT_ATTEMPT);
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }
}
