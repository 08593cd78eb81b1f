// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.BenchmarkException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.HdrHistogram.Histogram;

/**
 * Round trips of 64 bytes through one tunnel, one at a time.
 *
 * @param p50Micros half of them took no longer
 * @param p99Micros 99 of 100 took no longer
 */
record Trips(double p50Micros, double p99Micros) {
    private static final int MESSAGE = 64;
    private static final int DIGITS = 3;

    /** Makes trips through an open tunnel for so long. */
    static Trips make(Contender contender, SocketChannel tunnel, long nanos) throws IOException {
        tunnel.configureBlocking(true);
        ByteBuffer message = ByteBuffer.allocateDirect(MESSAGE);
        message.put(0, LoadTarget.SAY_BACK);
        Histogram histogram = new Histogram(DIGITS);
        long now = System.nanoTime();
        long end = now + nanos;
        while (now - end < 0) {
            trip(contender, tunnel, message);
            long back = System.nanoTime();
            histogram.recordValue(back - now);
            now = back;
        }
        return new Trips(histogram.getValueAtPercentile(50) / 1e3, histogram.getValueAtPercentile(99) / 1e3);
    }

    private static void trip(Contender contender, SocketChannel tunnel, ByteBuffer message) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            tunnel.write(message);
        }
        message.clear();
        while (message.hasRemaining()) {
            if (tunnel.read(message) < 0) {
                throw new BenchmarkException(
                        contender.name() + " ended a tunnel in use; it said: " + contender.lastWords());
            }
        }
    }
}
