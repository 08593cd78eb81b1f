// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * SIGTERM while 200 loops do what kubectl does (a tunnel, TLS, a request, an answer), each about once a second, against two
 * replicas. A loop takes a replica that was ready a moment ago, as a Service does whose endpoints are a probe and a list
 * behind. No request may fail. Tunnels that outlive the grace period are the only ones that are cut, and not before.
 */
class DrainIT {
    private static final int LOOPS = 200;
    private static final int WATCHES = 10;
    private static final Duration BEHIND = Duration.ofSeconds(1);
    private static final Duration PROBE = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final Map<ProxyProcess, Boolean> endpoints = new ConcurrentHashMap<>();
    private final AtomicLong requests = new AtomicLong();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    private final ScheduledThreadPoolExecutor clock = new ScheduledThreadPoolExecutor(2);

    @Test
    void losesNoRequestWhenOneOfTwoReplicasEnds() throws Exception {
        roll(1, Duration.ofSeconds(2), Duration.ofSeconds(5));
    }

    @Test
    @Tag("long")
    void losesNoRequestWhenReplicasAreReplacedOneByOne() throws Exception {
        roll(4, Duration.ofSeconds(5), Duration.ofSeconds(20));
    }

    private void roll(int times, Duration delay, Duration grace) throws Exception {
        String config = """
                drain: {delay: %ds, grace: %ds}
                limits: {connectsPerSecondPerSource: 10000, connectBurst: 10000}
                """.formatted(delay.toSeconds(), grace.toSeconds());
        List<ProxyProcess> replicas = new ArrayList<>();
        try (TlsTarget target = TlsTarget.start();
                clock) {
            replicas.add(ProxyProcess.start(target.port(), config));
            replicas.add(ProxyProcess.start(target.port(), config));
            replicas.forEach(this::follow);
            await().until(() ->
                    endpoints.values().stream().filter(ready -> ready).count() == 2);
            for (int i = 0; i < LOOPS; i++) {
                int number = i;
                later(() -> loop(target, number), PAUSE.multipliedBy(number).dividedBy(LOOPS));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> requests.get() > 2 * LOOPS);
            for (int i = 0; i < times; i++) {
                end(replicas.removeFirst(), delay.plus(grace));
                ProxyProcess next = ProxyProcess.start(target.port(), config);
                replicas.add(next);
                follow(next);
                await().until(() -> Boolean.TRUE.equals(endpoints.get(next)));
            }
            clock.shutdownNow();
            System.out.printf("OUT: %d requests, %d failed%n", requests.get(), failures.size());
            assertThat(failures).isEmpty();
        } finally {
            replicas.forEach(ProxyProcess::close);
        }
    }

    private static void end(ProxyProcess replica, Duration time) throws Exception {
        List<Socket> watches = new ArrayList<>();
        try (replica) {
            for (int i = 0; i < WATCHES; i++) {
                watches.add(replica.tunnel());
            }
            long begin = System.nanoTime();
            replica.terminate();
            await().atMost(Duration.ofSeconds(1))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> replica.status("/readyz") == 503);
            assertThat(replica.status("/healthz")).isEqualTo(200);

            for (Socket watch : watches) {
                watch.setSoTimeout(Math.toIntExact(time.multipliedBy(3).toMillis()));
                assertThat(ended(watch)).isTrue();
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(time.minusMillis(500));
            }
            assertThat(replica.ended(time.multipliedBy(2))).isTrue();
            assertThat(replica.log().lines().filter(line -> !line.contains(" access: ")))
                    .anyMatch(line -> line.contains("closing " + WATCHES + " clients that are still there"));
        } finally {
            for (Socket watch : watches) {
                watch.close();
            }
        }
    }

    private static boolean ended(Socket watch) throws IOException {
        try {
            return watch.getInputStream().read() < 0;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Looks at a replica's readiness, and lets the others know of it only later. */
    private void follow(ProxyProcess replica) {
        later(
                () -> {
                    boolean ready = ready(replica);
                    later(() -> endpoints.put(replica, ready), BEHIND);
                    follow(replica);
                },
                PROBE);
    }

    private void later(Runnable action, Duration pause) {
        // What fails there fails the test: no loop ends by itself.
        var _ = clock.schedule(action, pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static boolean ready(ProxyProcess replica) {
        try {
            return replica.status("/readyz") == 200;
        } catch (IOException ended) {
            return false;
        }
    }

    /** A request, a pause, and again. */
    private void loop(TlsTarget target, int number) {
        Thread.ofVirtual().start(() -> {
            request(target, number);
            if (!clock.isShutdown()) {
                later(() -> loop(target, number), PAUSE);
            }
        });
    }

    private void request(TlsTarget target, int number) {
        List<ProxyProcess> ready = endpoints.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
        ProxyProcess replica = ready.get((int) ((number + requests.get()) % ready.size()));
        try {
            target.request(replica, replica.connect());
            requests.incrementAndGet();
        } catch (IOException | RuntimeException e) {
            failures.add(e.toString());
        }
    }
}
