// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.net.Host;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.LockSupport;

/** Bytes on their way over one TCP connection between two hosts, to be compared by SHA-256. For one thread. */
final class TcpTransfer implements AutoCloseable {
    private static final int BLOCK = 256 * 1024;
    private static final int TIMEOUT_MS = 12_000;
    private static final long UNPACED = Long.MAX_VALUE;

    private final Socket client;
    private final Socket accepted;
    private final long start = System.nanoTime();
    private final FutureTask<Sum> sending;
    private final FutureTask<Sum> receiving;
    private volatile long arrived;
    private volatile boolean enough;

    /**
     * What a transfer that has ended showed.
     *
     * @param source the sender's address as the receiver sees it
     * @param sent hash of what was sent
     * @param received hash of what arrived
     * @param bytes how many arrived
     * @param gigabits payload per second, from the first byte to the last
     */
    record Outcome(String source, String sent, String received, long bytes, double gigabits) {}

    private record Sum(String hash, long bytes) {}

    private TcpTransfer(Socket client, Socket accepted, long bytes, long bytesPerSecond) {
        this.client = client;
        this.accepted = accepted;
        this.sending = started("send", () -> send(bytes, bytesPerSecond));
        this.receiving = started("receive", this::receive);
    }

    /**
     * Sends so many bytes as fast as they go.
     *
     * @param address where the sender finds the receiver
     */
    static Outcome run(Host sender, Host receiver, String address, long bytes) throws Exception {
        try (TcpTransfer transfer = open(sender, receiver, address, bytes, UNPACED)) {
            return transfer.outcome();
        }
    }

    /** Sends at a steady pace until {@link #finish()}. */
    static TcpTransfer begin(Host sender, Host receiver, String address, long bytesPerSecond) throws Exception {
        return open(sender, receiver, address, Long.MAX_VALUE, bytesPerSecond);
    }

    private static TcpTransfer open(Host sender, Host receiver, String address, long bytes, long bytesPerSecond)
            throws Exception {
        // Sockets stay in the namespace they were made in; the threads that use them need not be there.
        try (ServerSocket server = receiver.call(() -> new ServerSocket(0, 1))) {
            server.setSoTimeout(TIMEOUT_MS);
            Socket client = sender.call(() -> connect(address, server.getLocalPort()));
            return new TcpTransfer(client, server.accept(), bytes, bytesPerSecond);
        }
    }

    /** How many bytes have arrived by now. */
    long arrived() {
        return arrived;
    }

    /** Lets the sender end and the rest arrive. */
    Outcome finish() throws Exception {
        enough = true;
        return outcome();
    }

    @Override
    public void close() throws IOException {
        enough = true;
        client.close();
        accepted.close();
    }

    private Outcome outcome() throws Exception {
        Sum received = resultOf(receiving);
        double seconds = (System.nanoTime() - start) / 1e9;
        Sum sent = resultOf(sending);
        CheckFailedException.unlessEqual(sent.bytes(), received.bytes(), "number of bytes that arrived");
        return new Outcome(
                text(accepted.getInetAddress()),
                sent.hash(),
                received.hash(),
                received.bytes(),
                received.bytes() * Byte.SIZE / seconds / 1e9);
    }

    /** An address as objects of a cluster write it; Java spells IPv6 out. */
    static String text(InetAddress address) {
        return IpAddress.ofBytes(address.getAddress()).toString();
    }

    private static Socket connect(String address, int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getByName(address), port), TIMEOUT_MS);
        return socket;
    }

    private Sum send(long bytes, long bytesPerSecond) throws IOException {
        MessageDigest digest = sha256();
        SplittableRandom random = new SplittableRandom(bytes);
        byte[] block = new byte[BLOCK];
        OutputStream stream = client.getOutputStream();
        long sent = 0;
        while (sent < bytes && !enough) {
            fill(block, random);
            int length = (int) Math.min(bytes - sent, block.length);
            digest.update(block, 0, length);
            stream.write(block, 0, length);
            sent += length;
            if (bytesPerSecond != UNPACED) {
                LockSupport.parkNanos(start + (long) (sent * 1e9 / bytesPerSecond) - System.nanoTime());
            }
        }
        client.shutdownOutput();
        return new Sum(HexFormat.of().formatHex(digest.digest()), sent);
    }

    private Sum receive() throws IOException {
        accepted.setSoTimeout(TIMEOUT_MS);
        MessageDigest digest = sha256();
        byte[] block = new byte[BLOCK];
        long total = 0;
        InputStream stream = accepted.getInputStream();
        for (int length = stream.read(block); length >= 0; length = stream.read(block)) {
            digest.update(block, 0, length);
            total += length;
            arrived = total;
        }
        return new Sum(HexFormat.of().formatHex(digest.digest()), total);
    }

    private static FutureTask<Sum> started(String what, Callable<Sum> work) {
        FutureTask<Sum> task = new FutureTask<>(work);
        Thread.ofPlatform().daemon().name("demo-check-" + what).start(task);
        return task;
    }

    private static Sum resultOf(FutureTask<Sum> task) throws Exception {
        try {
            return task.get();
        } catch (ExecutionException e) {
            throw new CheckFailedException("the transfer broke off: " + e.getCause());
        }
    }

    /** Every block differs, so that a segment that arrives twice or in the wrong place changes the hash. */
    private static void fill(byte[] block, SplittableRandom random) {
        ByteBuffer longs = ByteBuffer.wrap(block);
        while (longs.remaining() >= Long.BYTES) {
            longs.putLong(random.nextLong());
        }
        Arrays.fill(block, longs.position(), block.length, (byte) 0);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
