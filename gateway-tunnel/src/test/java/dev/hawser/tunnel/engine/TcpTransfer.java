// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.lab.net.Host;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.FutureTask;

/**
 * One TCP connection between two hosts that carried known bytes.
 *
 * @param sent SHA-256 of what was sent
 * @param received SHA-256 of what arrived
 * @param gigabits throughput in Gbit/s
 */
record TcpTransfer(String sent, String received, double gigabits) {
    private static final int CHUNK = 1 << 16;
    private static final int TIMEOUT_MILLIS = 20_000;

    static TcpTransfer run(Host from, String source, Host to, String destination, long bytes) throws Exception {
        return run(from, source, destination, to, destination, bytes);
    }

    /** The same to a server that is known under another address than its own. */
    static TcpTransfer run(Host from, String source, String dialled, Host to, String own, long bytes) throws Exception {
        try (ServerSocket server = to.call(() -> new ServerSocket(0, 1, InetAddress.getByName(own)))) {
            server.setSoTimeout(TIMEOUT_MILLIS);
            FutureTask<String> receiver = new FutureTask<>(() -> receive(server));
            Thread.ofPlatform().daemon().name("receiver").start(receiver);
            long start = System.nanoTime();
            String sent;
            try (Socket socket = from.call(() -> {
                Socket unbound = new Socket();
                unbound.bind(new InetSocketAddress(source, 0));
                return unbound;
            })) {
                socket.connect(new InetSocketAddress(dialled, server.getLocalPort()), TIMEOUT_MILLIS);
                sent = send(socket, bytes);
            }
            String received = receiver.get();
            return new TcpTransfer(sent, received, bytes * 8.0 / (System.nanoTime() - start));
        }
    }

    private static String send(Socket socket, long bytes) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[CHUNK];
        new Random(1).nextBytes(chunk);
        OutputStream out = socket.getOutputStream();
        for (long left = bytes; left > 0; left -= CHUNK) {
            int length = (int) Math.min(CHUNK, left);
            chunk[(int) (left % CHUNK)]++;
            digest.update(chunk, 0, length);
            out.write(chunk, 0, length);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String receive(ServerSocket server) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[CHUNK];
        try (Socket socket = server.accept()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            InputStream in = socket.getInputStream();
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                digest.update(chunk, 0, length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
