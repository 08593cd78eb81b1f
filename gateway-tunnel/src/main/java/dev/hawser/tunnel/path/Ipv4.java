// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import java.lang.foreign.MemorySegment;

/** Places in an IPv4 header (RFC 791) and kinds of ICMP messages (RFC 792). */
final class Ipv4 {
    static final int MIN_HEADER = 20;
    static final int TOTAL_LENGTH = 2;
    static final int IDENTIFICATION = 4;
    static final int FRAGMENT = 6;
    static final int FRAGMENT_OFFSET_MASK = 0x1fff;
    static final int DO_NOT_FRAGMENT = 0x4000;
    static final int TTL = 8;
    static final int PROTOCOL = 9;
    static final int CHECKSUM = 10;
    static final int SOURCE = 12;
    static final int DESTINATION = 16;

    private static final int END_OF_OPTIONS = 0;
    private static final int NO_OPERATION = 1;
    private static final int LOOSE_SOURCE_ROUTE = 131;
    private static final int STRICT_SOURCE_ROUTE = 137;

    private Ipv4() {}

    /** Length of a sound header, or 0. */
    static int headerLength(MemorySegment packet, long at, int available) {
        if (available < MIN_HEADER) {
            return 0;
        }
        int bytes = (Bytes.u8(packet, at) & 0xf) * Integer.BYTES;
        return bytes >= MIN_HEADER && bytes <= available ? bytes : 0;
    }

    /**
     * Whether an option names addresses to visit (RFC 791, 3.1): they are names of the sender's side, and the destination that was
     * checked may not be where the packet ends. Most hosts refuse them as well (RFC 7126, 4.3).
     */
    static boolean isSourceRouted(MemorySegment packet, long at, int headerLength) {
        long end = at + headerLength;
        long option = at + MIN_HEADER;
        while (option < end) {
            int kind = Bytes.u8(packet, option);
            if (kind == END_OF_OPTIONS) {
                return false;
            }
            if (kind == NO_OPERATION) {
                option++;
                continue;
            }
            if (kind == LOOSE_SOURCE_ROUTE || kind == STRICT_SOURCE_ROUTE) {
                return true;
            }
            // An option that does not say how long it is hides all behind it.
            int length = option + 1 < end ? Bytes.u8(packet, option + 1) : 0;
            if (length < 2) {
                return true;
            }
            option += length;
        }
        return false;
    }

    /** Whether an ICMP message of this type quotes the packet it is about (RFC 792). */
    static boolean quotes(int icmpType) {
        return switch (icmpType) {
            case 3, 4, 11, 12 -> true;
            default -> false;
        };
    }

    /** Whether an ICMP message means the sender's own link only: redirects and router discovery (RFC 792, RFC 1256). */
    static boolean isOfOneLink(int icmpType) {
        return switch (icmpType) {
            case 5, 9, 10 -> true;
            default -> false;
        };
    }
}
