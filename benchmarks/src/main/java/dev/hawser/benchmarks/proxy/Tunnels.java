// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.BenchmarkException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The opening of tunnels, some at a time, on one thread. A tunnel is open when a byte has come back from the target: some
 * proxies say yes before, and one that speaks no HTTP says nothing.
 */
final class Tunnels implements AutoCloseable {
    private static final int AT_ONCE = 64;
    private static final long PATIENCE_MILLIS = 10_000;
    private static final int LONGEST_ANSWER = 4096;

    private final Contender contender;
    private final ByteBuffer head;
    private final ByteBuffer hello = ByteBuffer.allocateDirect(1);
    private final ByteBuffer answer = ByteBuffer.allocateDirect(LONGEST_ANSWER);
    private final Selector selector;
    private int attempts;

    /** What is still awaited in a tunnel: the proxy's answer, as far as it has come, then the target's. */
    private static final class Attempt {
        private final StringBuilder answer = new StringBuilder();
        private boolean answered;
    }

    Tunnels(Contender contender) throws IOException {
        this.contender = contender;
        byte[] bytes = contender.head().getBytes(StandardCharsets.US_ASCII);
        this.head = ByteBuffer.allocateDirect(bytes.length).put(bytes);
        hello.put(LoadTarget.SAY_BACK);
        this.selector = Selector.open();
    }

    /** Opens tunnels through a contender and closes each at once, for so long; says how many it opened. */
    static long openAndClose(Contender contender, long nanos) throws IOException {
        long end = System.nanoTime() + nanos;
        try (Tunnels tunnels = new Tunnels(contender)) {
            return tunnels.open(() -> System.nanoTime() - end < 0, Tunnels::end);
        }
    }

    /** Opens so many that stay. */
    static List<SocketChannel> open(Contender contender, int number) throws IOException {
        List<SocketChannel> open = new ArrayList<>();
        try (Tunnels tunnels = new Tunnels(contender)) {
            tunnels.open(() -> tunnels.attempts < number, open::add);
        }
        return open;
    }

    static void end(SocketChannel tunnel) {
        try {
            tunnel.close();
        } catch (IOException e) {
            throw new BenchmarkException("a connection cannot be closed: " + e.getMessage(), e);
        }
    }

    /** Opens tunnels while more are wanted, and says how many it has opened. */
    private long open(BooleanSupplier more, Consumer<SocketChannel> opened) throws IOException {
        long count = 0;
        int underWay = 0;
        while (underWay > 0 || more.getAsBoolean()) {
            while (underWay < AT_ONCE && more.getAsBoolean()) {
                begin();
                underWay++;
            }
            if (selector.select(PATIENCE_MILLIS) == 0) {
                throw new BenchmarkException(
                        contender.name() + " opens nothing any more; it said: " + contender.lastWords());
            }
            for (SelectionKey key : selector.selectedKeys()) {
                if (advance(key)) {
                    SocketChannel tunnel = (SocketChannel) key.channel();
                    underWay--;
                    count++;
                    opened.accept(tunnel);
                }
            }
            selector.selectedKeys().clear();
        }
        return count;
    }

    private void begin() throws IOException {
        attempts++;
        SocketChannel tunnel = SocketChannel.open();
        tunnel.configureBlocking(false);
        tunnel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        Attempt attempt = new Attempt();
        // To an address of the same host the kernel mostly connects at once.
        if (tunnel.connect(contender.entrance())) {
            speak(tunnel, attempt);
            tunnel.register(selector, SelectionKey.OP_READ, attempt);
        } else {
            tunnel.register(selector, SelectionKey.OP_CONNECT, attempt);
        }
    }

    private boolean advance(SelectionKey key) throws IOException {
        SocketChannel tunnel = (SocketChannel) key.channel();
        Attempt attempt = (Attempt) key.attachment();
        if (key.isConnectable()) {
            tunnel.finishConnect();
            key.interestOps(SelectionKey.OP_READ);
            speak(tunnel, attempt);
            return false;
        }
        answer.clear();
        int length = tunnel.read(answer);
        if (length < 0) {
            throw new BenchmarkException(contender.name() + " does not open a tunnel; it answered: " + attempt.answer);
        }
        if (!attempt.answered) {
            listen(attempt, length);
            if (attempt.answered) {
                tunnel.write(hello.rewind());
            }
            return false;
        }
        key.cancel();
        return length > 0;
    }

    private void speak(SocketChannel tunnel, Attempt attempt) throws IOException {
        attempt.answered = !head.rewind().hasRemaining();
        tunnel.write(attempt.answered ? hello.rewind() : head);
    }

    private void listen(Attempt attempt, int length) {
        for (int i = 0; i < length; i++) {
            attempt.answer.append((char) answer.get(i));
        }
        if (attempt.answer.indexOf("\r\n\r\n") >= 0) {
            if (attempt.answer.indexOf(" 200 ") != "HTTP/1.x".length()) {
                throw new BenchmarkException(contender.name() + " refuses a tunnel: " + attempt.answer);
            }
            attempt.answered = true;
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
    }
}
