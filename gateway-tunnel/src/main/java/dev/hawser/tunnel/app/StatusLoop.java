// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.tunnel.engine.TunnelStatus;
import dev.hawser.tunnel.kube.GatewayObjects;
import dev.hawser.tunnel.kube.GatewayPlan;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the tunnel ten times a second and passes on what changed: to the objects and to the metrics. Everything here
 * that may wait for the API server waits on this one thread, on which nothing depends.
 */
final class StatusLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusLoop.class);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final ControlLoop control;
    private final GatewayObjects objects;
    private final GatewayMetrics metrics;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    StatusLoop(ControlLoop control, GatewayObjects objects, GatewayMetrics metrics) {
        this.control = control;
        this.objects = objects;
        this.metrics = metrics;
        this.thread = Thread.ofPlatform().daemon().name("hawser-status").unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            do {
                look();
            } while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
            control.applied()
                    .ifPresent(plan -> objects.reportEnd(plan, "the gateway has been stopped", System.nanoTime()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look() {
        try {
            Optional<GatewayPlan> plan = control.applied();
            TunnelStatus status = control.tunnelStatus();
            objects.tendKeys(plan, status, System.nanoTime());
            if (plan.isPresent()) {
                metrics.update(status);
                objects.report(plan.get(), status, System.nanoTime());
            }
        } catch (RuntimeException e) {
            LOG.error("the status could not be told; it is tried again", e);
        }
    }

    /** Says in every Connection that the gateway has ended, if the API server takes it at once, and ends the loop. */
    @Override
    public void close() {
        stop.countDown();
        try {
            if (!thread.join(LAST_WORDS)) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
