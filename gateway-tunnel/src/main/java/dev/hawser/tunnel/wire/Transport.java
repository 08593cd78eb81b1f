// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Message 4, a sealed packet, as offsets into a buffer: header, ciphertext, tag. All functions are static and allocate nothing.
 *
 * <p>Callers have checked the length with {@link MessageType#of}.
 */
public final class Transport {
    /** Length of the header: type, receiver, counter. */
    public static final int HEADER = 16;

    /** Length of the tag behind the ciphertext. */
    public static final int TAG = 16;

    /** What a datagram is longer than its plaintext; also the length of a keepalive. */
    public static final int OVERHEAD = HEADER + TAG;

    private static final int RECEIVER = 4;
    private static final int COUNTER = 8;
    private static final int PADDING = 16;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Transport() {}

    /** Writes the 16 bytes of a header. */
    public static void writeHeader(MemorySegment datagram, long offset, int receiver, long counter) {
        datagram.set(INT, offset, MessageType.TRANSPORT.code());
        datagram.set(INT, offset + RECEIVER, receiver);
        datagram.set(LONG, offset + COUNTER, counter);
    }

    /** The index that names the session at the receiver. */
    public static int receiver(MemorySegment datagram, long offset) {
        return datagram.get(INT, offset + RECEIVER);
    }

    /** The counter, unsigned. */
    public static long counter(MemorySegment datagram, long offset) {
        return datagram.get(LONG, offset + COUNTER);
    }

    /**
     * The length a packet is padded to with zeros, so that its exact size does not show: a multiple of 16, but never more than
     * the MTU.
     */
    public static int paddedLength(int packetLength, int mtu) {
        int padded = (packetLength + PADDING - 1) & -PADDING;
        return packetLength > mtu ? packetLength : Math.min(padded, mtu);
    }
}
