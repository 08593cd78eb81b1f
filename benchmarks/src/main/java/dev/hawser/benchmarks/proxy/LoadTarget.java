// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What stands behind the proxies: a process with one thread that says back whatever it is told, unless the first byte is
 * {@link #SEND}: then it sends for ever, as fast as it is taken, out of the page cache and without a copy of its own.
 *
 * <p>Arguments: address, port. Says {@link #READY} when it listens.
 */
public final class LoadTarget {
    static final String READY = "target listens";
    static final byte SEND = 'S';
    static final byte SAY_BACK = 'e';

    private static final int BACKLOG = 4096;
    private static final int TRAIN = 1 << 20;
    private static final int MESSAGE = 64 << 10;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE);
    private final Selector selector;
    private final FileChannel stuff;

    private LoadTarget(Selector selector, FileChannel stuff) {
        this.selector = selector;
        this.stuff = stuff;
    }

    /** Serves until it is killed. */
    public static void main(String[] arguments) throws IOException {
        Path file = Files.createTempFile("hawser-bench", ".bytes");
        try (Selector selector = Selector.open();
                FileChannel stuff = FileChannel.open(
                        file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
                ServerSocketChannel listener = ServerSocketChannel.open()) {
            stuff.write(ByteBuffer.allocate(TRAIN), 0);
            InetAddress address = InetAddress.ofLiteral(arguments[0]);
            listener.bind(new InetSocketAddress(address, Integer.parseInt(arguments[1])), BACKLOG);
            listener.configureBlocking(false);
            listener.register(selector, SelectionKey.OP_ACCEPT);
            System.out.println(READY);
            new LoadTarget(selector, stuff).serve(listener);
        }
    }

    private void serve(ServerSocketChannel listener) throws IOException {
        while (true) {
            selector.select();
            for (SelectionKey key : selector.selectedKeys()) {
                if (key.isAcceptable()) {
                    accept(listener);
                } else {
                    attend(key);
                }
            }
            selector.selectedKeys().clear();
        }
    }

    private void accept(ServerSocketChannel listener) throws IOException {
        SocketChannel caller = listener.accept();
        while (caller != null) {
            caller.configureBlocking(false);
            caller.setOption(StandardSocketOptions.TCP_NODELAY, true);
            caller.register(selector, SelectionKey.OP_READ);
            caller = listener.accept();
        }
    }

    private void attend(SelectionKey key) throws IOException {
        SocketChannel caller = (SocketChannel) key.channel();
        try {
            if (key.isWritable()) {
                stuff.transferTo(0, TRAIN, caller);
                return;
            }
            buffer.clear();
            if (caller.read(buffer) < 0) {
                caller.close();
                return;
            }
            if (buffer.position() > 0 && buffer.get(0) == SEND) {
                key.interestOps(SelectionKey.OP_WRITE);
                return;
            }
            buffer.flip();
            while (buffer.hasRemaining()) {
                // Round trips are small and one at a time: they always fit.
                caller.write(buffer);
            }
        } catch (IOException e) {
            // It has gone without a word; that is how a stream without an end ends.
            caller.close();
        }
    }
}
