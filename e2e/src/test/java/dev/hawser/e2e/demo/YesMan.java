// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;

/** A proxy that answers 200 to every request and connects nobody. */
final class YesMan implements AutoCloseable {
    private final ServerSocket socket;
    private final AtomicInteger answered = new AtomicInteger();

    private YesMan(ServerSocket socket) {
        this.socket = socket;
    }

    static YesMan serve(ServerSocket socket) {
        YesMan proxy = new YesMan(socket);
        Thread.ofPlatform().daemon().name("yes-man").start(proxy::run);
        return proxy;
    }

    /** How many requests were answered. */
    int answered() {
        return answered.get();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void run() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                answer(client);
            } catch (IOException e) {
                // A client that went away, or the end of the test: both are none of the liar's business.
                Thread.onSpinWait();
            }
        }
    }

    private void answer(Socket client) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
        String line = lines.readLine();
        while (line != null && !line.isEmpty()) {
            line = lines.readLine();
        }
        client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        answered.incrementAndGet();
    }
}
