// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

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
import java.util.concurrent.FutureTask;

/**
 * Bytes sent over one TCP connection between two hosts and compared by SHA-256.
 *
 * @param source the sender's address as the receiver sees it
 * @param sent hash of what was sent
 * @param received hash of what arrived
 * @param gigabits payload per second, from the first byte to the last
 */
record TcpTransfer(String source, String sent, String received, double gigabits) {
    private static final int PORT = 5201;
    private static final int BLOCK = 256 * 1024;
    private static final int TIMEOUT_MS = 8_000;

    /**
     * Runs one transfer.
     *
     * @param address where the sender finds the receiver
     */
    static TcpTransfer run(Host sender, Host receiver, String address, long bytes) throws Exception {
        // Sockets stay in the namespace they were made in; the threads that use them need not be there.
        try (ServerSocket server = receiver.call(() -> new ServerSocket(PORT, 1));
                Socket client = sender.call(() -> connect(address))) {
            server.setSoTimeout(TIMEOUT_MS);
            try (Socket accepted = server.accept()) {
                FutureTask<String> sending = new FutureTask<>(() -> send(client, bytes));
                Thread.ofPlatform().daemon().name("demo-check-send").start(sending);
                long start = System.nanoTime();
                String received = receive(accepted, bytes);
                double seconds = (System.nanoTime() - start) / 1e9;
                String source = accepted.getInetAddress().getHostAddress();
                return new TcpTransfer(source, sending.get(), received, bytes * Byte.SIZE / seconds / 1e9);
            }
        }
    }

    private static Socket connect(String address) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(InetAddress.getByName(address), PORT), TIMEOUT_MS);
        return socket;
    }

    private static String send(Socket socket, long bytes) throws IOException {
        MessageDigest digest = sha256();
        SplittableRandom random = new SplittableRandom(bytes);
        byte[] block = new byte[BLOCK];
        OutputStream stream = socket.getOutputStream();
        for (long left = bytes; left > 0; left -= block.length) {
            fill(block, random);
            int length = (int) Math.min(left, block.length);
            digest.update(block, 0, length);
            stream.write(block, 0, length);
        }
        socket.shutdownOutput();
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String receive(Socket socket, long bytes) throws IOException {
        socket.setSoTimeout(TIMEOUT_MS);
        MessageDigest digest = sha256();
        byte[] block = new byte[BLOCK];
        long total = 0;
        InputStream stream = socket.getInputStream();
        for (int length = stream.read(block); length >= 0; length = stream.read(block)) {
            digest.update(block, 0, length);
            total += length;
        }
        CheckFailedException.unlessEqual(bytes, total, "number of bytes that arrived");
        return HexFormat.of().formatHex(digest.digest());
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
