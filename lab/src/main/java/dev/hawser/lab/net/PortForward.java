// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP port on the loopback of this JVM that leads to a port on the loopback of a host, so that clients in the JVM need
 * not be inside.
 *
 * <p>Who cannot be reached inside looks like a connection closed at once. Copies on daemon threads; may be closed from
 * any thread.
 */
public final class PortForward implements AutoCloseable {
    private final Host host;
    private final int port;
    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    private PortForward(Host host, int port, ServerSocket listener) {
        this.host = host;
        this.port = port;
        this.listener = listener;
    }

    static PortForward open(Host host, int port) {
        try {
            ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            PortForward forward = new PortForward(host, port, listener);
            forward.thread("accept", forward::accept);
            return forward;
        } catch (IOException e) {
            throw new UncheckedIOException("no port on 127.0.0.1 for port " + port + " of " + host, e);
        }
    }

    /** The port on this side, at 127.0.0.1. */
    public int localPort() {
        return listener.getLocalPort();
    }

    /** Stops listening and cuts every connection. */
    @Override
    public void close() {
        quietlyClose(listener);
        open.forEach(PortForward::quietlyClose);
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket caller = listener.accept();
                open.add(caller);
                thread("serve", () -> serve(caller));
            } catch (IOException e) {
                // The listener was closed, or one caller left before it was accepted.
            }
        }
    }

    private void serve(Socket caller) {
        try (caller;
                Socket callee = host.call(() -> new Socket(InetAddress.getLoopbackAddress(), port))) {
            open.add(callee);
            if (listener.isClosed()) {
                // Closed meanwhile: close() may have looked before this connection was there.
                return;
            }
            Thread answers = thread("answer", () -> copy(callee, caller));
            copy(caller, callee);
            answers.join();
        } catch (Exception e) {
            // The caller sees a closed connection, as it would see of a server that dies: there is nobody else to tell.
        } finally {
            open.removeIf(Socket::isClosed);
        }
    }

    private void copy(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // A broken half leaves nothing to say on the other: end both.
            quietlyClose(from);
            quietlyClose(to);
        }
    }

    private Thread thread(String job, Runnable work) {
        return Thread.ofPlatform()
                .daemon()
                .name("lab-forward-" + host.name() + "-" + port + "-" + job)
                .start(work);
    }

    private static void quietlyClose(AutoCloseable socket) {
        try {
            socket.close();
        } catch (Exception e) {
            // It is gone, which is what was wanted.
        }
    }
}
