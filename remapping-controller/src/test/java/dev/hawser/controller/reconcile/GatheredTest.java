// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GatheredTest {
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger runs = new AtomicInteger();

    @AfterEach
    void close() {
        scheduler.shutdownNow();
    }

    @Test
    void runsOnceForAllThatAskBeforeItRuns() throws InterruptedException {
        CountDownLatch busy = new CountDownLatch(1);
        scheduler.execute(() -> awaitQuietly(busy));
        Gathered gathered = new Gathered(scheduler, Duration.ZERO, runs::incrementAndGet);
        IntStream.range(0, 1000).forEach(_ -> gathered.run());
        busy.countDown();
        Awaitility.await().untilAsserted(() -> assertThat(runs).hasValue(1));
    }

    @Test
    void runsAgainForWhoAsksWhileItRuns() {
        Gathered[] self = new Gathered[1];
        self[0] = new Gathered(scheduler, Duration.ofMillis(1), () -> {
            if (runs.incrementAndGet() < 3) {
                self[0].run();
            }
        });
        self[0].run();
        Awaitility.await().untilAsserted(() -> assertThat(runs).hasValue(3));
    }

    @Test
    void goesOnAfterAFailure() {
        Gathered gathered = new Gathered(scheduler, Duration.ZERO, () -> {
            runs.incrementAndGet();
            throw new IllegalStateException("an object that cannot be rung");
        });
        gathered.run();
        Awaitility.await().untilAsserted(() -> assertThat(runs).hasValue(1));
        gathered.run();
        Awaitility.await().untilAsserted(() -> assertThat(runs).hasValue(2));
    }

    @Test
    void isQuietAfterTheEnd() {
        scheduler.shutdownNow();
        new Gathered(scheduler, Duration.ZERO, runs::incrementAndGet).run();
        assertThat(runs).hasValue(0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }
}
