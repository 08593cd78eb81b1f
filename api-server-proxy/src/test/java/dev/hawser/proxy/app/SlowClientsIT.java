// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Thousands of clients that only take places, of four kinds: one says nothing, one sends its head byte by byte, one
 * opens a tunnel and says nothing, one opens a tunnel, says its last and leaves the other direction open. A client that
 * behaves, as kubectl does (a tunnel, TLS, a request, an answer), is not slowed down by more than twice at the 99th
 * percentile; memory stays within the container's limit; and all of them are gone when their time is up.
 *
 * <p>{@code make test} has a tenth of them. In {@code make long} there are as many as two descriptors of the proxy and two of this
 * test for each leave room for: 9,700 where a process may open 20,000 files, half of them with a tunnel.
 */
class SlowClientsIT {
    private static final byte[] HEAD = ProxyProcess.CONNECT.getBytes(StandardCharsets.US_ASCII);
    private static final int PER_SOURCE = 20;
    private static final int PARTS = 20;
    private static final int REQUESTS = 80;
    private static final long LIMIT_KIB = 192 << 10;
    // What the scheduler of a busy machine does to one request in a hundred, proxy or not.
    private static final double NOISE_MILLIS = 5;

    private final List<SocketChannel> slow = new ArrayList<>();

    @Test
    void doesNotSufferFromAThousand() throws Exception {
        suffer(970, Duration.ofSeconds(5), 1);
    }

    @Test
    @Tag("long")
    void doesNotSufferFromAsManyAsThereCanBe() throws Exception {
        suffer(9_700, Duration.ofSeconds(40), 5);
    }

    private void suffer(int number, Duration time, int pairs) throws Exception {
        try (TlsTarget target = TlsTarget.start();
                ProxyProcess proxy = ProxyProcess.start(target.port(), """
                        limits:
                          tunnels: 9744
                          headTime: %1$ds
                          halfClosedIdle: %1$ds
                          idle: %1$ds
                          connectsPerSecondPerSource: 1000000
                          connectBurst: 1000000
                        """.formatted(time.toSeconds()))) {
            // The code of both ends is compiled before anything is measured.
            p99(target, proxy);
            int files = proxy.descriptors();
            for (int pair = 1; pair <= pairs; pair++) {
                double alone = p99(target, proxy);
                double beside = beside(target, proxy, number);
                System.out.printf(
                        "OUT: 99 %% of requests take %.1f ms alone, %.1f ms beside %d%n", alone, beside, number);
                assertThat(beside).isLessThan(Math.max(2 * alone, NOISE_MILLIS));
                assertThat(proxy.resident()).as("KiB").isLessThan(LIMIT_KIB);
                await().atMost(time.multipliedBy(3)).until(() -> proxy.descriptors() <= files + 4);
                hangUp();
            }
            assertThat(proxy.status("/readyz")).isEqualTo(200);
        }
    }

    /** The 99th percentile beside so many slow clients, in milliseconds. */
    private double beside(TlsTarget target, ProxyProcess proxy, int number) throws Exception {
        SocketAddress address = new InetSocketAddress(ProxyProcess.LOOPBACK, proxy.port());
        for (int i = 0; i < number; i++) {
            slow.add(slowClient(address, i));
        }
        try (ScheduledExecutorService clock = new ScheduledThreadPoolExecutor(1)) {
            AtomicInteger turn = new AtomicInteger();
            ScheduledFuture<?> drip = clock.scheduleAtFixedRate(
                    () -> drip(turn.getAndIncrement()), 0, 1000 / PARTS, TimeUnit.MILLISECONDS);
            double millis = p99(target, proxy);
            drip.cancel(false);
            System.out.printf("OUT: %d files, %.1f MiB%n", proxy.descriptors(), proxy.resident() / 1024.0);
            assertThat(proxy.descriptors()).as("all of them are still there").isGreaterThan(number);
            return millis;
        }
    }

    private static SocketChannel slowClient(SocketAddress address, int number) throws IOException {
        SocketChannel client = SocketChannel.open();
        // From many addresses: a single one is refused long before the proxy is full.
        int source = number / PER_SOURCE;
        client.bind(new InetSocketAddress("127.1." + source / 250 + "." + (source % 250 + 1), 0));
        client.connect(address);
        switch (number % 4) {
            case 0 -> {
                // Says nothing at all.
            }
            case 1 -> client.write(ByteBuffer.wrap(HEAD, 0, 1));
            case 2 -> open(client);
            default -> {
                open(client);
                client.shutdownOutput();
            }
        }
        client.configureBlocking(false);
        return client;
    }

    private static void open(SocketChannel client) throws IOException {
        client.write(ByteBuffer.wrap(HEAD));
        String answer = ProxyProcess.head(client.socket());
        if (!answer.startsWith("HTTP/1.1 200 ")) {
            throw new IOException("a slow client got no tunnel but " + answer);
        }
    }

    /** A part of those with a slow head send its next byte, so that each sends one in a second, and never the last. */
    private void drip(int turn) {
        int at = 1 + turn / PARTS % (HEAD.length - 2);
        for (int i = 1 + 4 * (turn % PARTS); i < slow.size(); i += 4 * PARTS) {
            try {
                slow.get(i).write(ByteBuffer.wrap(HEAD, at, 1));
            } catch (IOException itsTimeWasUp) {
                // That is what it is for.
            }
        }
    }

    private void hangUp() throws IOException {
        for (SocketChannel client : slow) {
            client.close();
        }
        slow.clear();
    }

    private static double p99(TlsTarget target, ProxyProcess proxy) throws IOException {
        double[] millis = new double[REQUESTS];
        for (int i = 0; i < REQUESTS; i++) {
            long begin = System.nanoTime();
            target.request(proxy, proxy.connectFrom("127.0.0.2"));
            millis[i] = Duration.ofNanos(System.nanoTime() - begin).toNanos() / 1e6;
        }
        Arrays.sort(millis);
        return millis[REQUESTS - 1 - REQUESTS / 100];
    }
}
