// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.micro;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.OpeningKey;
import dev.hawser.tunnel.crypto.SealingKey;
import dev.hawser.tunnel.crypto.provider.AeadProviders;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A packet sealed or opened, with 64 buffers in turn so that not all of it is in the first cache. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class Aead {
    private static final int BUFFERS = 64;
    private static final int ROOM = 2048;
    private static final int TAG = 16;

    /** As {@code HAWSER_AEAD} names it. */
    @Param({"openssl", "boringssl", "sunjce"})
    public String provider = "openssl";

    /** Bytes of the packet, padded. */
    @Param({"64", "1408", "1420"})
    public int length;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment plain = arena.allocate((long) BUFFERS * ROOM, 64);
    private final MemorySegment sealed = arena.allocate((long) BUFFERS * ROOM, 64);
    private final MemorySegment opened = arena.allocate((long) BUFFERS * ROOM, 64);
    private SealingKey sealing = new Unset();
    private OpeningKey opening = new Unset();
    private long counter;

    /** Seals every buffer with its own number, so that each can be opened again and again. */
    @Setup
    public void prepare() {
        AeadProvider aead = AeadProviders.choose(provider).provider();
        sealing = aead.sealing(new byte[AeadProvider.KEY_LENGTH]);
        opening = aead.opening(new byte[AeadProvider.KEY_LENGTH]);
        for (int i = 0; i < BUFFERS; i++) {
            sealing.seal(i, plain, (long) i * ROOM, length, sealed, (long) i * ROOM);
        }
    }

    /** Gives back what is not Java's. */
    @TearDown
    public void close() {
        sealing.close();
        opening.close();
        arena.close();
    }

    /** One packet out. */
    @Benchmark
    public boolean seal() {
        long at = (counter & (BUFFERS - 1)) * ROOM;
        return sealing.seal(BUFFERS + counter++, plain, at, length, opened, at);
    }

    /** One packet in. */
    @Benchmark
    public boolean open() {
        long number = counter++ & (BUFFERS - 1);
        return opening.open(number, sealed, number * ROOM, length + TAG, opened, number * ROOM);
    }

    /** Before a provider is chosen. */
    private static final class Unset implements SealingKey, OpeningKey {
        @Override
        public boolean seal(long nonce, MemorySegment from, long fromAt, int bytes, MemorySegment to, long toAt) {
            return false;
        }

        @Override
        public boolean open(long nonce, MemorySegment from, long fromAt, int bytes, MemorySegment to, long toAt) {
            return false;
        }

        @Override
        public void close() {
            // Nothing is held.
        }
    }
}
