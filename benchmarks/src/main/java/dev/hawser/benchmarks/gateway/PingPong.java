// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.variant.Variant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Arrays;

/**
 * Round trips of 64 bytes over one TCP connection from pod to pod, one at a time.
 *
 * <p>Both ends are threads of this JVM on sockets inside the pods, one system call for each message and no garbage; what
 * that adds is the same for every variant.
 *
 * @param p50Micros half of the round trips took no longer
 * @param p99Micros 99 of 100 took no longer
 * @param trips how many there were
 */
record PingPong(double p50Micros, double p99Micros, int trips) {
    private static final int PORT = 5202;
    private static final int MESSAGE = 64;
    private static final int MOST_TRIPS = 1_000_000;
    private static final Duration WARM_UP = Duration.ofMillis(300);

    static PingPong run(Variant variant, Duration duration) {
        try (ServerSocketChannel listener =
                variant.server().call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(PORT)))) {
            Thread echo = Thread.ofPlatform().daemon().name("echo").start(() -> echo(listener));
            InetSocketAddress address = new InetSocketAddress(InetAddress.ofLiteral(variant.serverAddress()), PORT);
            long[] trips;
            try (SocketChannel channel = variant.client().call(() -> SocketChannel.open(address))) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                measure(channel, WARM_UP);
                trips = measure(channel, duration);
            }
            echo.join();
            return of(trips);
        } catch (Exception e) {
            throw new BenchmarkException("no round trips over " + variant.name() + ": " + e.getMessage(), e);
        }
    }

    static PingPong of(long[] nanos) {
        if (nanos.length == 0) {
            throw new IllegalArgumentException("no round trip was made");
        }
        long[] sorted = nanos.clone();
        Arrays.sort(sorted);
        return new PingPong(quantile(sorted, 0.5), quantile(sorted, 0.99), sorted.length);
    }

    private static double quantile(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] / 1e3;
    }

    private static long[] measure(SocketChannel channel, Duration duration) throws IOException {
        ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
        long[] trips = new long[MOST_TRIPS];
        int count = 0;
        long now = System.nanoTime();
        long end = now + duration.toNanos();
        while (now < end && count < trips.length) {
            send(channel, message);
            if (!receive(channel, message)) {
                throw new IOException("the connection ended");
            }
            long back = System.nanoTime();
            trips[count++] = back - now;
            now = back;
        }
        return Arrays.copyOf(trips, count);
    }

    private static void echo(ServerSocketChannel listener) {
        ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
        try (SocketChannel channel = listener.accept()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            while (receive(channel, message)) {
                send(channel, message);
            }
        } catch (AsynchronousCloseException e) {
            // Nobody called: the client says why.
        } catch (IOException e) {
            throw new BenchmarkException("the answering end of the round trips failed: " + e.getMessage(), e);
        }
    }

    private static void send(SocketChannel channel, ByteBuffer message) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            channel.write(message);
        }
    }

    private static boolean receive(SocketChannel channel, ByteBuffer message) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            if (channel.read(message) < 0) {
                return false;
            }
        }
        return true;
    }
}
