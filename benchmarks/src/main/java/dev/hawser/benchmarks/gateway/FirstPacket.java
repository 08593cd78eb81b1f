// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.variant.Gateway;
import dev.hawser.benchmarks.variant.Variant;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/**
 * The time from the start of a gateway's process to the first datagram that arrives in the other cluster's pod. It is sent
 * anew every two milliseconds, as if a program were waiting for the way to open; the peer knows this gateway from before.
 */
final class FirstPacket {
    private static final int PORT = 5203;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(2);
    private static final long SETTLING = TimeUnit.SECONDS.toNanos(4);
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private FirstPacket() {}

    /**
     * Restarts the left gateway and says how many seconds that took.
     *
     * @param anew without what it keeps over a restart, as in a new pod
     */
    static double seconds(Variant variant, boolean anew) {
        Gateway gateway = variant.gateways().getFirst();
        awaitKept();
        gateway.stop();
        if (anew) {
            gateway.forget();
        }
        try (DatagramChannel receiver =
                        variant.server().call(() -> DatagramChannel.open().bind(new InetSocketAddress(PORT)));
                DatagramChannel sender = variant.client().call(DatagramChannel::open)) {
            CompletableFuture<Long> arrival = CompletableFuture.supplyAsync(() -> arrival(receiver));
            InetSocketAddress target = new InetSocketAddress(InetAddress.ofLiteral(variant.serverAddress()), PORT);
            long start = System.nanoTime();
            Thread calls = Thread.ofPlatform().daemon().name("first-packet").start(() -> call(sender, target));
            try {
                gateway.start();
                return (arrival.get(LIMIT.toSeconds(), TimeUnit.SECONDS) - start) / 1e9;
            } finally {
                calls.interrupt();
                calls.join();
            }
        } catch (TimeoutException e) {
            throw new BenchmarkException(
                    variant.name() + " carries nothing " + LIMIT.toSeconds() + " s after its start", e);
        } catch (ExecutionException e) {
            throw new BenchmarkException("the pod that should hear the first packet cannot: " + e.getMessage(), e);
        } catch (BenchmarkException e) {
            throw e;
        } catch (Exception e) {
            throw new BenchmarkException("the start of " + variant.name() + " cannot be timed: " + e.getMessage(), e);
        }
    }

    /** A gateway that has just been started has to hear from the API server before it keeps anything. */
    private static void awaitKept() {
        LockSupport.parkNanos(SETTLING);
    }

    private static long arrival(DatagramChannel receiver) {
        try {
            receiver.receive(ByteBuffer.allocateDirect(64));
            return System.nanoTime();
        } catch (IOException e) {
            throw new BenchmarkException("no datagram can be received: " + e.getMessage(), e);
        }
    }

    private static void call(DatagramChannel sender, InetSocketAddress target) {
        ByteBuffer datagram = ByteBuffer.allocateDirect(64);
        while (!Thread.currentThread().isInterrupted()) {
            try {
                sender.send(datagram.clear(), target);
            } catch (ClosedByInterruptException e) {
                return;
            } catch (IOException e) {
                // Nobody knows the way yet.
            }
            LockSupport.parkNanos(PAUSE);
        }
    }
}
