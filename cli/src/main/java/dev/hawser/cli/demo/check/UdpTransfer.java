// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.lab.net.Host;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Numbered datagrams sent at a steady rate between two hosts.
 *
 * @param source the sender's address as the receiver sees it; null if nothing arrived
 * @param sent how many were sent
 * @param received how many different ones arrived
 * @param duplicates how many arrived again
 */
record UdpTransfer(@Nullable String source, int sent, int received, int duplicates) {
    /** Payload of each datagram. */
    static final int SIZE = 512;

    private static final int SILENCE_MS = 700;
    private static final int BUFFER = 4 * 1024 * 1024;

    /**
     * Runs one transfer.
     *
     * @param address where the sender finds the receiver
     * @param rate datagrams per second
     */
    static UdpTransfer run(Host sender, Host receiver, String address, int count, int rate) throws Exception {
        try (DatagramSocket in = receiver.call(() -> new DatagramSocket(0));
                DatagramSocket out = sender.call(DatagramSocket::new)) {
            in.setReceiveBufferSize(BUFFER);
            in.setSoTimeout(SILENCE_MS);
            FutureTask<Integer> sending =
                    new FutureTask<>(() -> send(out, new InetSocketAddress(address, in.getLocalPort()), count, rate));
            Thread.ofPlatform().daemon().name("demo-check-send").start(sending);
            UdpTransfer seen = receive(in, count);
            return new UdpTransfer(seen.source, sending.get(), seen.received, seen.duplicates);
        }
    }

    private static int send(DatagramSocket socket, InetSocketAddress target, int count, int rate) throws IOException {
        byte[] payload = new byte[SIZE];
        DatagramPacket packet = new DatagramPacket(payload, SIZE, target);
        long start = System.nanoTime();
        for (int number = 0; number < count; number++) {
            long due = start + number * 1_000_000_000L / rate;
            for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            ByteBuffer.wrap(payload).putInt(number);
            socket.send(packet);
        }
        return count;
    }

    private static UdpTransfer receive(DatagramSocket socket, int count) throws IOException {
        BitSet seen = new BitSet(count);
        int duplicates = 0;
        String source = null;
        DatagramPacket packet = new DatagramPacket(new byte[SIZE], SIZE);
        // A copy would arrive within the silence that ends the test, so waiting goes on after the last one.
        while (true) {
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                return new UdpTransfer(source, count, seen.cardinality(), duplicates);
            }
            int number = ByteBuffer.wrap(packet.getData()).getInt();
            duplicates += seen.get(number) ? 1 : 0;
            seen.set(number);
            source = TcpTransfer.text(packet.getAddress());
        }
    }
}
