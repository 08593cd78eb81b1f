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
 * that may wait for the API server waits on one thread, on which nothing depends: the metrics have another, for they are
 * asked for most when something hangs.
 */
final class StatusLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusLoop.class);
    private static final Duration INTERVAL = Duration.ofMillis(100);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final ControlLoop control;
    private final GatewayObjects objects;
    private final GatewayMetrics metrics;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread reporting;
    private final Thread measuring;

    StatusLoop(ControlLoop control, GatewayObjects objects, GatewayMetrics metrics) {
        this.control = control;
        this.objects = objects;
        this.metrics = metrics;
        this.reporting = Thread.ofPlatform().daemon().name("hawser-status").unstarted(this::report);
        this.measuring = Thread.ofPlatform().daemon().name("hawser-metrics").unstarted(this::measure);
    }

    void start() {
        reporting.start();
        measuring.start();
    }

    private void report() {
        if (repeat(this::reportOnce)) {
            control.applied()
                    .ifPresent(plan -> objects.reportEnd(plan, "the gateway has been stopped", System.nanoTime()));
        }
    }

    private void measure() {
        repeat(() -> {
            if (control.applied().isPresent()) {
                metrics.update(control.tunnelStatus());
            }
        });
    }

    private void reportOnce() {
        Optional<GatewayPlan> plan = control.applied();
        TunnelStatus status = control.tunnelStatus();
        objects.tendKeys(plan, status, System.nanoTime());
        plan.ifPresent(applied -> objects.report(applied, status, System.nanoTime()));
    }

    /** Looks again and again until the end; returns false if it was an impatient one. */
    private boolean repeat(Runnable look) {
        try {
            do {
                try {
                    look.run();
                } catch (RuntimeException e) {
                    LOG.error("the status could not be told; it is tried again", e);
                }
            } while (!stop.await(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Says in every Connection that the gateway has ended, if the API server takes it at once, and ends the loop. */
    @Override
    public void close() {
        stop.countDown();
        try {
            if (!reporting.join(LAST_WORDS)) {
                reporting.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
