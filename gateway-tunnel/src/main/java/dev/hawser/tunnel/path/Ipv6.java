// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

/** Places in an IPv6 header (RFC 8200) and kinds of ICMPv6 messages (RFC 4443). */
final class Ipv6 {
    static final int HEADER = 40;
    static final int PAYLOAD_LENGTH = 4;
    static final int NEXT_HEADER = 6;
    static final int HOP_LIMIT = 7;
    static final int SOURCE = 8;
    static final int DESTINATION = 24;

    /** What every link carries (RFC 8200, section 5): no IPv6 host must believe in a smaller MTU. */
    static final int MIN_MTU = 1280;

    private Ipv6() {}

    /** Whether an ICMPv6 message of this type quotes the packet it is about. */
    static boolean quotes(int icmpType) {
        return icmpType >= 1 && icmpType <= 4;
    }

    /**
     * Whether an ICMPv6 message means the sender's own link only: multicast listeners (130-132, 143), neighbour discovery (133-137,
     * RFC 4861), inverse and secure discovery (141, 142, 148, 149), multicast routers (151-153).
     */
    static boolean isOfOneLink(int icmpType) {
        return switch (icmpType) {
            case 130, 131, 132, 133, 134, 135, 136, 137, 141, 142, 143, 148, 149, 151, 152, 153 -> true;
            default -> false;
        };
    }
}
