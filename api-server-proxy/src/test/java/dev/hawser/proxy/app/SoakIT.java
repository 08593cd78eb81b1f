// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.DataOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two hundred tunnels opened, used and closed every second: the proxy needs no more memory and no more files in the end than
 * after its first seconds, and every byte is accounted for, by client, proxy and target alike.
 *
 * <p>Three lengths: 20 s in every {@code make test}, whose time does not suffice for more; two minutes and an hour in {@code
 * make long}. {@code -Dhawser.proxy.soak.minutes=N} changes the longest.
 */
class SoakIT {
    private static final int PER_SECOND = 200;
    private static final int LONGEST = 20_000;
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final int PATIENCE_SECONDS = 30;

    private final LongAdder sent = new LongAdder();
    private final LongAdder received = new LongAdder();
    private final AtomicLong tunnels = new AtomicLong();
    private final AtomicLong underWay = new AtomicLong();
    private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final Trend files = new Trend();
    private final Trend memory = new Trend();

    @Test
    void staysAsItIsForSeconds() throws Exception {
        soak(Duration.ofSeconds(6), Duration.ofSeconds(14));
        // What the first compilations leave behind is more than any leak of so short a time.
        assertThat(memory.rise()).as("KiB of memory").isLessThan(10_000);
    }

    @Test
    @Tag("long")
    void staysAsItIsForMinutes() throws Exception {
        soak(Duration.ofSeconds(40), Duration.ofSeconds(80));
        assertThat(memory.rise()).as("KiB of memory").isLessThan(5_000);
    }

    @Test
    @Tag("long")
    void staysAsItIsForAnHour() throws Exception {
        Duration length = Duration.ofMinutes(Long.getLong("hawser.proxy.soak.minutes", 60));
        soak(length.dividedBy(6), length.multipliedBy(5).dividedBy(6));
        assertThat(memory.rise()).as("KiB of memory").isLessThan(3_000);
    }

    private void soak(Duration warmUp, Duration length) throws Exception {
        try (EchoTarget target = EchoTarget.start();
                ProxyProcess proxy = ProxyProcess.start(
                        target.port(),
                        "limits: {connectsPerSecondPerSource: %d, connectBurst: 1000}".formatted(2 * PER_SECOND))) {
            run(proxy, warmUp, false);
            int before = quiet(proxy);
            run(proxy, length, true);
            int after = quiet(proxy);

            report(proxy, length);
            assertThat(failures).isEmpty();
            assertThat(after).as("open files").isLessThanOrEqualTo(before);
            assertThat(Math.abs(files.perMinute()) * length.toSeconds() / 60)
                    .as("open files more or less, by their trend")
                    .isLessThan(10);
            assertEveryByteIsAccountedFor(proxy, target);
        }
    }

    private void assertEveryByteIsAccountedFor(ProxyProcess proxy, EchoTarget target) throws IOException {
        assertThat(target.heard()).isEqualTo(sent.sum());
        assertThat(received.sum()).isEqualTo(target.said());
        assertThat(count(proxy, "bytes_total{direction=\"to_target\"}")).isEqualTo(sent.sum());
        assertThat(count(proxy, "bytes_total{direction=\"to_client\"}")).isEqualTo(received.sum());
        assertThat(count(proxy, "connects_total{outcome=\"connected\"}")).isEqualTo(tunnels.get());
    }

    private static long count(ProxyProcess proxy, String metric) throws IOException {
        return (long) proxy.metric("hawser_proxy_" + metric);
    }

    /** Opens tunnels at the rate for so long. */
    private void run(ProxyProcess proxy, Duration length, boolean watched) throws Exception {
        long begin = System.nanoTime();
        try (ScheduledExecutorService clock = new ScheduledThreadPoolExecutor(1)) {
            ScheduledFuture<?> ticks =
                    clock.scheduleAtFixedRate(() -> begin(proxy), 0, 1_000_000 / PER_SECOND, TimeUnit.MICROSECONDS);
            while (System.nanoTime() - begin < length.toNanos()) {
                clock.schedule(() -> {}, LOOK.toMillis(), TimeUnit.MILLISECONDS).get();
                if (watched) {
                    double minutes = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 60_000.0;
                    files.add(minutes, proxy.descriptors());
                    memory.add(minutes, (double) proxy.resident());
                }
            }
            ticks.cancel(false);
        }
    }

    /** Waits until nothing is open any more, and says how many files are. */
    private int quiet(ProxyProcess proxy) {
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .until(() -> underWay.get() == 0 && proxy.metric("hawser_proxy_streams ") == 0);
        int[] last = {0};
        // The connections of those who asked for metrics end a little later.
        await().atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .pollInterval(LOOK)
                .until(() -> last[0] == (last[0] = proxy.descriptors()));
        return last[0];
    }

    private void begin(ProxyProcess proxy) {
        Random random = new Random(tunnels.incrementAndGet());
        underWay.incrementAndGet();
        Thread.ofVirtual().start(() -> {
            try {
                use(proxy, random);
            } catch (IOException | RuntimeException | AssertionError e) {
                failures.add(e);
            } finally {
                underWay.decrementAndGet();
            }
        });
    }

    private void use(ProxyProcess proxy, Random random) throws IOException {
        byte[] message = new byte[random.nextInt(1, LONGEST)];
        random.nextBytes(message);
        int ends = random.nextBoolean() ? EchoTarget.CLIENT_ENDS : EchoTarget.TARGET_ENDS;
        try (Socket tunnel = proxy.tunnel()) {
            DataOutputStream output = new DataOutputStream(tunnel.getOutputStream());
            output.writeByte(ends);
            output.writeInt(message.length);
            output.write(message);
            sent.add(EchoTarget.HEADER + message.length);
            byte[] back = tunnel.getInputStream().readNBytes(message.length);
            received.add(back.length);
            if (!Arrays.equals(back, message)) {
                throw new AssertionError("of " + message.length + " bytes came back " + back.length);
            }
            if (ends == EchoTarget.CLIENT_ENDS) {
                tunnel.shutdownOutput();
            }
            if (tunnel.getInputStream().read() >= 0) {
                throw new AssertionError("more came back than was said");
            }
        }
    }

    private void report(ProxyProcess proxy, Duration length) throws IOException {
        System.out.printf(
                "OUT: %d tunnels, %d bytes there and %d back; over %d s memory %+.0f KiB (%.1f MiB at the end), %d files at the end%n",
                tunnels.get(),
                sent.sum(),
                received.sum(),
                length.toSeconds(),
                memory.rise(),
                memory.last() / 1024,
                proxy.descriptors());
    }
}
