// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.result.Summary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a reader that stalls costs its neighbours: of some streams one is read and not read by turns, and only the bytes of the
 * others count.
 */
final class Stall {
    private static final int PAIRS = 5;
    // What is under way when the reader stops fills its buffers first.
    private static final long SETTLING = TimeUnit.MILLISECONDS.toNanos(60);
    private static final long COUNTED = TimeUnit.MILLISECONDS.toNanos(180);

    private Stall() {}

    /** The speed that the others lose, in percent: the median of neighbouring times with and without the stalled one. */
    static double percent(Contender contender, int tunnels) throws IOException {
        List<SocketChannel> open = Tunnels.open(contender, tunnels);
        try (Selector others = Selector.open()) {
            for (SocketChannel tunnel : open) {
                tunnel.write(ByteBuffer.wrap(new byte[] {LoadTarget.SEND}));
                tunnel.register(others, SelectionKey.OP_READ);
            }
            SelectionKey moody = open.getLast().keyFor(others);
            ByteBuffer buffer = Bulk.buffer();
            List<Double> losses = new ArrayList<>();
            Bulk.read(contender, others, buffer, 2 * COUNTED, moody);
            for (int pair = 0; pair < PAIRS; pair++) {
                double all = speed(contender, others, buffer, moody);
                moody.interestOps(0);
                double rest = speed(contender, others, buffer, moody);
                moody.interestOps(SelectionKey.OP_READ);
                losses.add((1 - rest / all) * 100);
            }
            return Summary.median(losses);
        } finally {
            open.forEach(Tunnels::end);
        }
    }

    private static double speed(Contender contender, Selector selector, ByteBuffer buffer, SelectionKey moody)
            throws IOException {
        Bulk.read(contender, selector, buffer, SETTLING, moody);
        long start = System.nanoTime();
        long bytes = Bulk.read(contender, selector, buffer, COUNTED, moody);
        return bytes * 1e9 / (System.nanoTime() - start);
    }
}
