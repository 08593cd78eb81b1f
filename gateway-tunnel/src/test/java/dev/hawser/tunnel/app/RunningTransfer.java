// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.lab.net.Host;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** One TCP connection between two hosts that carries known bytes, some megabytes a second, until somebody ends it. */
final class RunningTransfer {
    private static final int CHUNK = 1 << 14;
    private static final Duration PAUSE = Duration.ofMillis(2);
    private static final int SILENCE_MILLIS = 20_000;

    private final ServerSocket server;
    private final Socket client;
    private final FutureTask<String> sent = new FutureTask<>(this::send);
    private final FutureTask<String> received = new FutureTask<>(this::receive);
    private final AtomicLong arrived = new AtomicLong();
    private volatile boolean over;

    private RunningTransfer(ServerSocket server, Socket client) {
        this.server = server;
        this.client = client;
    }

    static RunningTransfer start(Host from, Host to, String destination, int port) throws Exception {
        ServerSocket server = to.call(() -> new ServerSocket(port));
        Socket client = from.call(Socket::new);
        from.call(() -> {
            client.connect(new InetSocketAddress(InetAddress.ofLiteral(destination), port), SILENCE_MILLIS);
            return true;
        });
        RunningTransfer transfer = new RunningTransfer(server, client);
        Thread.ofPlatform().daemon().name("receiver").start(transfer.received);
        Thread.ofPlatform().daemon().name("sender").start(transfer.sent);
        return transfer;
    }

    /** Bytes that have arrived so far. */
    long arrived() {
        return arrived.get();
    }

    /** Ends it; what arrived must be what was sent. */
    void finish() throws Exception {
        over = true;
        String whole = sent.get();
        assertThat(received.get()).isEqualTo(whole);
    }

    private String send() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        Random random = new Random(1);
        byte[] chunk = new byte[CHUNK];
        try (client) {
            OutputStream out = client.getOutputStream();
            while (!over) {
                random.nextBytes(chunk);
                digest.update(chunk);
                out.write(chunk);
                // Paces the sender; nothing is waited for.
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private String receive() throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        byte[] chunk = new byte[CHUNK];
        try (server;
                Socket socket = server.accept()) {
            socket.setSoTimeout(SILENCE_MILLIS);
            InputStream in = socket.getInputStream();
            for (int length = in.read(chunk); length >= 0; length = in.read(chunk)) {
                digest.update(chunk, 0, length);
                arrived.addAndGet(length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
