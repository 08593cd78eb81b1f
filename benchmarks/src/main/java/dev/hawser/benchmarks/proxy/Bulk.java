// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.BenchmarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What comes from the target through some tunnels at once, read by one thread and thrown away.
 *
 * @param bytes in the time that was measured
 * @param seconds of that time
 * @param spent CPU time of everybody meanwhile
 */
record Bulk(long bytes, double seconds, Spent spent) {
    private static final int GULP = 256 << 10;
    private static final long WARM_UP_NANOS = 300_000_000;
    private static final long PATIENCE_MILLIS = 5_000;

    /** Carries for a while that is not measured, then for so long. */
    static Bulk carry(Contender contender, Parties parties, int tunnels, long nanos) throws IOException {
        List<SocketChannel> open = Tunnels.open(contender, tunnels);
        try (Selector selector = Selector.open()) {
            for (SocketChannel tunnel : open) {
                tunnel.write(ByteBuffer.wrap(new byte[] {LoadTarget.SEND}));
                tunnel.register(selector, SelectionKey.OP_READ);
            }
            ByteBuffer buffer = buffer();
            read(contender, selector, buffer, WARM_UP_NANOS, null);
            Spent before = parties.spent(contender);
            long start = System.nanoTime();
            long bytes = read(contender, selector, buffer, nanos, null);
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Bulk(bytes, seconds, parties.spent(contender).since(before));
        } finally {
            open.forEach(Tunnels::end);
        }
    }

    static ByteBuffer buffer() {
        return ByteBuffer.allocateDirect(GULP);
    }

    double gigabits() {
        return bytes * 8 / 1e9;
    }

    double gigabitsPerSecond() {
        return gigabits() / seconds;
    }

    /**
     * Reads whatever comes for so long, and says how much that was.
     *
     * @param uncounted whose bytes do not count
     */
    static long read(
            Contender contender, Selector selector, ByteBuffer buffer, long nanos, @Nullable SelectionKey uncounted)
            throws IOException {
        long end = System.nanoTime() + nanos;
        long bytes = 0;
        while (System.nanoTime() - end < 0) {
            if (selector.select(PATIENCE_MILLIS) == 0) {
                throw new BenchmarkException(contender.name() + " stands still: no byte came for five seconds");
            }
            for (SelectionKey key : selector.selectedKeys()) {
                int length = ((SocketChannel) key.channel()).read(buffer.clear());
                if (length < 0) {
                    throw new BenchmarkException(
                            contender.name() + " ended a stream that has no end; it said: " + contender.lastWords());
                }
                bytes += key.equals(uncounted) ? 0 : length;
            }
            selector.selectedKeys().clear();
        }
        return bytes;
    }
}
