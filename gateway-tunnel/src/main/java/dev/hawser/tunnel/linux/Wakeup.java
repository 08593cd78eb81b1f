// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;

/**
 * A {@code poll} set of some descriptors and one event descriptor that ends the wait from another thread.
 *
 * <p>One thread waits; any thread wakes. A wake-up while nobody waits is remembered (the event descriptor counts).
 */
final class Wakeup implements AutoCloseable {
    private static final short POLLIN = 1;
    private static final int EFD_CLOEXEC_NONBLOCK = 0x80800;
    private static final StructLayout POLLFD = MemoryLayout.structLayout(
            JAVA_INT.withName("fd"), JAVA_SHORT.withName("events"), JAVA_SHORT.withName("revents"));

    private final Arena arena = Arena.ofShared();
    private final int event;
    private final int count;
    private final MemorySegment set;
    private final MemorySegment one;
    private final MemorySegment drain;

    Wakeup(int... descriptors) {
        event = SystemCalls.eventfd(EFD_CLOEXEC_NONBLOCK);
        if (event < 0) {
            arena.close();
            throw TunnelIoException.of("create an event descriptor", -event, "raise the limit of open files");
        }
        count = descriptors.length + 1;
        set = arena.allocate(POLLFD, count);
        for (int i = 0; i < descriptors.length; i++) {
            watch(i, descriptors[i]);
        }
        watch(descriptors.length, event);
        one = arena.allocateFrom(JAVA_LONG, 1);
        drain = arena.allocate(JAVA_LONG);
    }

    private void watch(int index, int descriptor) {
        long at = index * POLLFD.byteSize();
        set.set(JAVA_INT, at, descriptor);
        set.set(JAVA_SHORT, at + 4, POLLIN);
    }

    /** Waits for any descriptor; an interrupted or failed poll returns early, and the caller's next read says why. */
    void await(int timeoutMillis) {
        int ready = PacketCalls.poll(set.address(), count, timeoutMillis);
        long events = (count - 1) * POLLFD.byteSize() + 6;
        if (ready > 0 && set.get(JAVA_SHORT, events) != 0) {
            PacketCalls.read(event, drain.address(), JAVA_LONG.byteSize());
        }
    }

    void wake() {
        PacketCalls.write(event, one.address(), JAVA_LONG.byteSize());
    }

    /** To be called when nobody waits any more: the descriptor number is free for others afterwards. */
    @Override
    public void close() {
        SystemCalls.close(event);
        arena.close();
    }
}
