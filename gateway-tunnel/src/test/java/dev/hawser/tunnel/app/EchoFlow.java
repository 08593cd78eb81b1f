// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.lab.net.Host;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Datagrams from pod to pod and back, one each 20 ms, whose sender knows when each was sent whose echo
 * came. Threads of its own; may be asked from any.
 */
final class EchoFlow implements AutoCloseable {
    private static final AtomicInteger PORTS = new AtomicInteger(9_000);
    private static final long INTERVAL = Duration.ofMillis(20).toNanos();

    /** So many echoes in a row are a flow, one alone may be luck. */
    private static final int STEADY = 5;

    private final DatagramSocket sender;
    private final DatagramSocket echo;
    private final AtomicLong lastEcho = new AtomicLong(Long.MIN_VALUE);
    private final ConcurrentLinkedQueue<Long> sentOfEchoes = new ConcurrentLinkedQueue<>();
    private final InetSocketAddress target;

    private final int payload;

    private EchoFlow(DatagramSocket sender, DatagramSocket echo, InetSocketAddress target, int payload) {
        this.sender = sender;
        this.echo = echo;
        this.target = target;
        this.payload = payload;
    }

    static EchoFlow start(Host from, Host to, String address, int payload) throws Exception {
        int port = PORTS.incrementAndGet();
        DatagramSocket echo = to.call(() -> new DatagramSocket(port));
        DatagramSocket sender = from.call(() -> new DatagramSocket());
        InetSocketAddress target = new InetSocketAddress(InetAddress.ofLiteral(address), port);
        EchoFlow flow = new EchoFlow(sender, echo, target, payload);
        flow.thread("answer", flow::answer);
        flow.thread("listen", flow::listen);
        flow.thread("send", flow::send);
        return flow;
    }

    private void thread(String job, Runnable work) {
        Thread.ofPlatform().daemon().name("flow-" + job).start(work);
    }

    private void send() {
        ByteBuffer content = ByteBuffer.allocate(payload);
        while (!sender.isClosed()) {
            content.putLong(0, System.nanoTime());
            try {
                sender.send(new DatagramPacket(content.array(), payload, target));
            } catch (IOException refused) {
                // An ICMP error of an earlier one, or closed: the echo that stays away tells.
            }
            LockSupport.parkNanos(INTERVAL);
        }
    }

    private void answer() {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        while (!echo.isClosed()) {
            try {
                packet.setLength(2048);
                echo.receive(packet);
                echo.send(packet);
            } catch (IOException ignored) {
                // As above.
            }
        }
    }

    private void listen() {
        DatagramPacket packet = new DatagramPacket(new byte[2048], 2048);
        while (!sender.isClosed()) {
            try {
                packet.setLength(2048);
                sender.receive(packet);
                long sent = ByteBuffer.wrap(packet.getData()).getLong();
                sentOfEchoes.add(sent);
                lastEcho.accumulateAndGet(sent, Math::max);
            } catch (IOException ignored) {
                // As above.
            }
        }
    }

    /** Whether a steady flow of what was sent after a time has come back. */
    boolean flowsSince(long nanos) {
        sentOfEchoes.removeIf(sent -> sent - nanos < 0);
        return sentOfEchoes.size() >= STEADY;
    }

    /** How long ago what came back last was sent. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastEcho.get());
    }

    @Override
    public void close() {
        sender.close();
        echo.close();
    }
}
