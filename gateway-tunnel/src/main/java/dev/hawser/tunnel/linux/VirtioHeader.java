// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.Offload.Segmentation;
import java.lang.foreign.MemorySegment;

/**
 * The header a TUN device with IFF_VNET_HDR puts in front of each packet: {@code struct virtio_net_hdr}, in host byte order.
 *
 * <pre>
 *   0 flags   1 segmentation   2 header length   4 segment size   6 checksum start   8 checksum offset
 * </pre>
 */
final class VirtioHeader {
    static final int SIZE = 10;

    private static final int HEADER_LENGTH = 2;
    private static final int SEGMENT_SIZE = 4;
    private static final int CHECKSUM_START = 6;
    private static final int CHECKSUM_OFFSET = 8;

    private static final int NEEDS_CHECKSUM = 1;
    private static final int NONE = 0;
    private static final int TCP4 = 1;
    private static final int TCP6 = 4;
    private static final int UDP = 5;

    /** Explicit congestion notification beside TCP; each segment repeats the bits of the header anyway. */
    private static final int ECN = 0x80;

    private VirtioHeader() {}

    /** Reads the header into an offload; only kinds of segmentation that were asked for ever come. */
    static void read(MemorySegment buffer, long at, Offload offload) {
        offload.plain();
        if ((buffer.get(JAVA_BYTE, at) & NEEDS_CHECKSUM) != 0) {
            offload.partialChecksum(u16(buffer, at + CHECKSUM_START), u16(buffer, at + CHECKSUM_OFFSET));
        }
        int kind = Byte.toUnsignedInt(buffer.get(JAVA_BYTE, at + 1)) & ~ECN;
        int header = u16(buffer, at + HEADER_LENGTH);
        int size = u16(buffer, at + SEGMENT_SIZE);
        switch (kind) {
            case NONE -> {}
            case TCP4 -> offload.segments(Segmentation.TCP4, header, size);
            case TCP6 -> offload.segments(Segmentation.TCP6, header, size);
            case UDP -> offload.segments(Segmentation.UDP, header, size);
            default -> throw new IllegalStateException("the kernel hands out segmentation " + kind + " unasked");
        }
    }

    /** Writes the header that says the same as the offload. */
    static void write(MemorySegment buffer, long at, Offload offload) {
        buffer.set(JAVA_LONG_UNALIGNED, at, 0);
        put(buffer, at + CHECKSUM_OFFSET, 0);
        if (offload.checksumPartial()) {
            buffer.set(JAVA_BYTE, at, (byte) NEEDS_CHECKSUM);
            put(buffer, at + CHECKSUM_START, offload.checksumStart());
            put(buffer, at + CHECKSUM_OFFSET, offload.checksumOffset());
        }
        int kind = code(offload.segmentation());
        if (kind != NONE) {
            buffer.set(JAVA_BYTE, at + 1, (byte) kind);
            put(buffer, at + HEADER_LENGTH, offload.headerLength());
            put(buffer, at + SEGMENT_SIZE, offload.segmentSize());
        }
    }

    private static int code(Segmentation segmentation) {
        return switch (segmentation) {
            case NONE -> NONE;
            case TCP4 -> TCP4;
            case TCP6 -> TCP6;
            case UDP -> UDP;
        };
    }

    private static int u16(MemorySegment buffer, long at) {
        return Short.toUnsignedInt(buffer.get(JAVA_SHORT_UNALIGNED, at));
    }

    private static void put(MemorySegment buffer, long at, int value) {
        buffer.set(JAVA_SHORT_UNALIGNED, at, (short) value);
    }
}
