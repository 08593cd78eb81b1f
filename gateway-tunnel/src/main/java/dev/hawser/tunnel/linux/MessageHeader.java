// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * One {@code msghdr} with its I/O vector, peer address and control buffer, laid out for 64-bit Linux and reused.
 *
 * <p>Confined to one thread: the kernel writes into it on receive.
 */
final class MessageHeader {
    private static final int SOL_UDP = 17;
    private static final int UDP_SEGMENT = 103;
    private static final int UDP_GRO = 104;

    private static final int NAME_LENGTH = 8;
    private static final int CONTROL = 32;
    private static final int CONTROL_LENGTH = 40;
    private static final int HEADER_SIZE = 56;
    private static final int CONTROL_SIZE = 64;
    private static final int CONTROL_LEVEL = 8;
    private static final int CONTROL_TYPE = 12;
    private static final int CONTROL_DATA = 16;
    private static final int SEGMENT_CONTROL_SPACE = 24;

    private final MemorySegment header;
    private final MemorySegment vector;
    private final MemorySegment address;
    private final MemorySegment control;

    MessageHeader(Arena arena) {
        header = arena.allocate(HEADER_SIZE, Long.BYTES);
        vector = arena.allocate(2L * Long.BYTES, Long.BYTES);
        address = arena.allocate(SocketAddress.SIZE, Long.BYTES);
        control = arena.allocate(CONTROL_SIZE, Long.BYTES);
        header.set(JAVA_LONG, 0, address.address());
        header.set(JAVA_LONG, 16, vector.address());
        header.set(JAVA_LONG, 24, 1);
    }

    MemorySegment header() {
        return header;
    }

    MemorySegment address() {
        return address;
    }

    /** Aims the header at one datagram, or at a train when {@code segmentSize} is positive. */
    void forSend(long data, int length, int addressLength, int segmentSize) {
        header.set(JAVA_INT, NAME_LENGTH, addressLength);
        vector.set(JAVA_LONG, 0, data);
        vector.set(JAVA_LONG, Long.BYTES, length);
        if (segmentSize == 0) {
            header.set(JAVA_LONG, CONTROL, 0);
            header.set(JAVA_LONG, CONTROL_LENGTH, 0);
            return;
        }
        control.set(JAVA_LONG, 0, CONTROL_DATA + Short.BYTES);
        control.set(JAVA_INT, CONTROL_LEVEL, SOL_UDP);
        control.set(JAVA_INT, CONTROL_TYPE, UDP_SEGMENT);
        control.set(JAVA_SHORT, CONTROL_DATA, (short) segmentSize);
        header.set(JAVA_LONG, CONTROL, control.address());
        header.set(JAVA_LONG, CONTROL_LENGTH, SEGMENT_CONTROL_SPACE);
    }

    /** Aims the header at a receive buffer; lengths are reset because the kernel shortened them last time. */
    void forReceive(long data, int capacity) {
        header.set(JAVA_INT, NAME_LENGTH, SocketAddress.SIZE);
        vector.set(JAVA_LONG, 0, data);
        vector.set(JAVA_LONG, Long.BYTES, capacity);
        header.set(JAVA_LONG, CONTROL, control.address());
        header.set(JAVA_LONG, CONTROL_LENGTH, CONTROL_SIZE);
    }

    /** The segment size the kernel reported for a coalesced receive, or 0. */
    int receivedSegmentSize() {
        boolean present = header.get(JAVA_LONG, CONTROL_LENGTH) >= CONTROL_DATA + Integer.BYTES
                && control.get(JAVA_INT, CONTROL_LEVEL) == SOL_UDP
                && control.get(JAVA_INT, CONTROL_TYPE) == UDP_GRO;
        return present ? control.get(JAVA_INT, CONTROL_DATA) : 0;
    }
}
