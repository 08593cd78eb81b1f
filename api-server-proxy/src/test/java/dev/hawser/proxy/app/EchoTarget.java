// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.app;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a tunnel leads to: a server on this machine's loopback that says a message back and counts what it hears and says. A
 * message is a byte that says who ends first, four bytes of length, and so many bytes.
 */
final class EchoTarget implements AutoCloseable {
    /** The client says its last first, and the target answers that with its own last. */
    static final int CLIENT_ENDS = 'c';
    /** The target ends as soon as it has said everything back. */
    static final int TARGET_ENDS = 't';

    static final int HEADER = 5;
    private static final int BACKLOG = 1024;

    private final ServerSocket listener;
    private final LongAdder heard = new LongAdder();
    private final LongAdder said = new LongAdder();

    private EchoTarget(ServerSocket listener) {
        this.listener = listener;
    }

    static EchoTarget start() throws IOException {
        EchoTarget target = new EchoTarget(new ServerSocket(0, BACKLOG, ProxyProcess.LOOPBACK));
        Thread.ofPlatform().daemon().name("echo-target").start(target::accept);
        return target;
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Bytes that have arrived. */
    long heard() {
        return heard.sum();
    }

    /** Bytes that have been sent. */
    long said() {
        return said.sum();
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = listener.accept();
                Thread.ofVirtual().start(() -> answer(caller));
            }
        } catch (IOException closed) {
            // The end of the test.
        }
    }

    private void answer(Socket caller) {
        try (caller) {
            caller.setTcpNoDelay(true);
            DataInputStream input = new DataInputStream(caller.getInputStream());
            OutputStream output = caller.getOutputStream();
            int ends = input.readUnsignedByte();
            while (true) {
                byte[] message = new byte[input.readInt()];
                input.readFully(message);
                heard.add(HEADER + message.length);
                output.write(message);
                said.add(message.length);
                if (ends == TARGET_ENDS) {
                    caller.shutdownOutput();
                }
                ends = input.readUnsignedByte();
            }
        } catch (EOFException over) {
            // Closed by the block's end.
        } catch (IOException broken) {
            // The client counts what it misses.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
