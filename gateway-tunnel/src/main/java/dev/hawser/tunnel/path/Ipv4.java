// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

/** Offsets and numbers of IPv4 (RFC 791) and of the transports whose checksum covers its addresses. */
final class Ipv4 {
    static final int MIN_HEADER = 20;
    static final int TOTAL_LENGTH = 2;
    static final int FRAGMENT = 6;
    static final int FRAGMENT_OFFSET_MASK = 0x1fff;
    static final int PROTOCOL = 9;
    static final int CHECKSUM = 10;
    static final int SOURCE = 12;
    static final int DESTINATION = 16;

    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int DCCP = 33;
    static final int SCTP = 132;
    static final int UDP_LITE = 136;

    static final int ICMP_HEADER = 8;
    static final int ICMP_CHECKSUM = 2;

    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    private Ipv4() {}

    /** Where the checksum with a pseudo-header stands in a transport header, or -1 when the protocol has none. */
    static int checksumOffset(int protocol) {
        return switch (protocol) {
            case TCP -> TCP_CHECKSUM;
            case UDP, DCCP, UDP_LITE -> UDP_CHECKSUM;
            default -> -1;
        };
    }

    /** Whether the first four bytes of the transport header are the two ports. */
    static boolean hasPorts(int protocol) {
        return switch (protocol) {
            case TCP, UDP, DCCP, SCTP, UDP_LITE -> true;
            default -> false;
        };
    }

    /** Whether an ICMP message of this type quotes the packet it is about (RFC 792). */
    static boolean quotes(int icmpType) {
        return switch (icmpType) {
            case 3, 4, 5, 11, 12 -> true;
            default -> false;
        };
    }
}
