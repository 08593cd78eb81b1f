// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** The Internet checksum (RFC 1071): whole, and updated by RFC 1624, equation 3. Pure arithmetic. */
final class InternetChecksum {
    private static final ValueLayout.OfLong WORDS = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private InternetChecksum() {}

    /**
     * The one's-complement sum of a range, 0 to 0xffff, not complemented. The sum does not mind byte order (RFC 1071, 2.B), so it adds
     * little-endian words, four at a time, and turns the result round.
     *
     * <p>The loop counts with an int and keeps two sums because that is the form the compiler makes vector instructions of: 46
     * instead of 161 ns for 1388 bytes.
     */
    static int sum(MemorySegment packet, long from, long to) {
        int words = (int) ((to - from) >>> 3);
        long even = 0;
        long odd = 0;
        for (int i = 0; i < words; i++) {
            long word = packet.get(WORDS, from + ((long) i << 3));
            even += word & 0xffff_ffffL;
            odd += word >>> 32;
        }
        long total = even + odd;
        long at = from + ((long) words << 3);
        for (int shift = 0; at < to; at++, shift += Byte.SIZE) {
            total += (long) Bytes.u8(packet, at) << shift;
        }
        while (total > 0xffff) {
            total = (total & 0xffff) + (total >>> 16);
        }
        return Short.toUnsignedInt(Short.reverseBytes((short) total));
    }

    /** The sum of two sums. */
    static int add(int one, int other) {
        return folded(one + other);
    }

    /** The field that a sum over everything else calls for. */
    static int complement(int sum) {
        return ~sum & 0xffff;
    }

    /**
     * The field after the words it covers changed by {@code delta}: {@code HC' = ~(~HC + ~m + m')}.
     *
     * @param field the present checksum field, 0 to 0xffff
     * @param delta one's-complement sum of {@code ~old + new} over the changed words, below 0x20000
     */
    static int updated(int field, int delta) {
        return ~folded((~field & 0xffff) + delta) & 0xffff;
    }

    /** The unfinished pseudo-header sum of CHECKSUM_PARTIAL after a change: it is not complemented, so it just adds up. */
    static int updatedPartial(int field, int delta) {
        return folded(field + delta);
    }

    /** The delta that replacing one 16-bit word makes. */
    static int deltaOf(int oldWord, int newWord) {
        return (~oldWord & 0xffff) + newWord;
    }

    private static int folded(int sum) {
        int once = (sum & 0xffff) + (sum >>> 16);
        return (once & 0xffff) + (once >>> 16);
    }
}
