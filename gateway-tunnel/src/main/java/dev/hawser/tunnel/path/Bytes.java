// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Unsigned big-endian fields of a packet in a segment. */
final class Bytes {
    private static final ValueLayout.OfShort NET_SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NET_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NET_LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private Bytes() {}

    static int u8(MemorySegment packet, long at) {
        return Byte.toUnsignedInt(packet.get(ValueLayout.JAVA_BYTE, at));
    }

    static int u16(MemorySegment packet, long at) {
        return Short.toUnsignedInt(packet.get(NET_SHORT, at));
    }

    static long u32(MemorySegment packet, long at) {
        return Integer.toUnsignedLong(packet.get(NET_INT, at));
    }

    static long u64(MemorySegment packet, long at) {
        return packet.get(NET_LONG, at);
    }

    static void putU8(MemorySegment packet, long at, int value) {
        packet.set(ValueLayout.JAVA_BYTE, at, (byte) value);
    }

    static void putU16(MemorySegment packet, long at, int value) {
        packet.set(NET_SHORT, at, (short) value);
    }

    static void putU32(MemorySegment packet, long at, long value) {
        packet.set(NET_INT, at, (int) value);
    }

    static void putU64(MemorySegment packet, long at, long value) {
        packet.set(NET_LONG, at, value);
    }
}
