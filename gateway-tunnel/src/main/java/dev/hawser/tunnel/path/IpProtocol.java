// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

/** Protocol numbers of the headers behind an IP header (IANA), and what both families have in common there. */
final class IpProtocol {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int DCCP = 33;
    static final int ICMPV6 = 58;
    static final int SCTP = 132;
    static final int UDP_LITE = 136;

    static final int ICMP_HEADER = 8;
    static final int ICMP_CHECKSUM = 2;

    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    private IpProtocol() {}

    /**
     * Where the checksum over the addresses stands in a transport header, or -1 when the protocol has none. SCTP's CRC32c covers no
     * address (RFC 9260), nor does anything in GRE or ESP; ICMP counts its addresses only in IPv6.
     */
    static int checksumOffset(int protocol, boolean ipv6) {
        return switch (protocol) {
            case TCP -> TCP_CHECKSUM;
            case UDP, DCCP, UDP_LITE -> UDP_CHECKSUM;
            case ICMPV6 -> ipv6 ? ICMP_CHECKSUM : -1;
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

    /** Whether a computed checksum of 0 is sent as all ones, because 0 says "none" (RFC 768, 8200 and 3828). */
    static boolean sendsZeroAsOnes(int protocol) {
        return protocol == UDP || protocol == UDP_LITE;
    }
}
