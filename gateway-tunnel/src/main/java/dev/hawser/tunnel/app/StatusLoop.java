// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.tunnel.engine.TunnelStatus;
import dev.hawser.tunnel.kube.GatewayObjects;
import dev.hawser.tunnel.kube.GatewayPlan;
import dev.hawser.tunnel.node.HostRoutes;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the tunnel twice a second, and whenever there is news of it, and passes on what changed to the objects.
 * Everything here that may wait for the API server waits on one thread, on which nothing depends.
 */
final class StatusLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusLoop.class);
    private static final Duration INTERVAL = Duration.ofMillis(500);
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final ControlLoop control;
    private final GatewayObjects objects;
    private final HostRoutes routes;
    private final Semaphore news = new Semaphore(0);
    private final Thread reporting;
    private volatile boolean stopped;

    StatusLoop(ControlLoop control, GatewayObjects objects, HostRoutes routes) {
        this.control = control;
        this.objects = objects;
        this.routes = routes;
        this.reporting = Thread.ofPlatform().daemon().name("hawser-status").unstarted(this::report);
    }

    void start() {
        control.onNews(news::release);
        reporting.start();
    }

    private void report() {
        if (repeat()) {
            control.applied()
                    .ifPresent(plan -> objects.reportEnd(plan, "the gateway has been stopped", System.nanoTime()));
        }
    }

    private void reportOnce() {
        Optional<GatewayPlan> plan = control.applied();
        TunnelStatus status = control.tunnelStatus();
        objects.tendKeys(plan, status, System.nanoTime());
        long now = System.nanoTime();
        plan.ifPresent(applied -> objects.report(applied, status, routes.known(now), now));
    }

    /** Looks again and again until the end; returns false if it was an impatient one. */
    private boolean repeat() {
        try {
            while (!stopped) {
                try {
                    reportOnce();
                } catch (RuntimeException e) {
                    LOG.error("the status could not be told; it is tried again", e);
                }
                if (news.tryAcquire(INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                    news.drainPermits();
                }
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Says in every Connection that the gateway has ended, if the API server takes it at once, and ends the loop. */
    @Override
    public void close() {
        stopped = true;
        news.release();
        try {
            if (!reporting.join(LAST_WORDS)) {
                reporting.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
