// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.lang.foreign.MemorySegment;

/**
 * The rules of receive offload: which packets may be joined at all, and which headers say the same. Stateless.
 *
 * <p>Headers are compared in whole words where they lie; a look at each field costs more than the copy that is saved.
 */
final class Joinable {
    private static final int FRAGMENT_BITS = 0x3fff;
    private static final int FRAGMENT_AND_MORE = 6;

    /** PSH within the eight bytes of acknowledgement, offset, flags and window. */
    private static final long PSH_IN_WORD = (long) Transports.PSH << 16;

    private Joinable() {}

    /** Length of the headers of a TCP segment or UDP datagram that carries data and nothing special, or 0. */
    static int headers(MemorySegment packet, PacketReader reader, boolean udpToo) {
        int protocol = reader.headers().protocol();
        if (protocol != IpProtocol.TCP && !(udpToo && protocol == IpProtocol.UDP)) {
            return 0;
        }
        long at = reader.offset();
        int ipLength = (int) (reader.transport() - at);
        if (!isPlain(packet, at, reader.isIpv6(), ipLength, protocol)) {
            return 0;
        }
        long end = at + reader.length();
        int headers = ipLength + Transports.headerLength(packet, reader.headers(), reader.transport(), end);
        boolean sound = headers > ipLength && reader.length() > headers;
        return sound && carriesOnlyData(packet, reader, protocol) ? headers : 0;
    }

    /** No options, no extension headers, no fragment. */
    private static boolean isPlain(MemorySegment packet, long at, boolean ipv6, int ipLength, int protocol) {
        if (ipv6) {
            return ipLength == Ipv6.HEADER;
        }
        int fragment = Bytes.u16(packet, at + Ipv4.FRAGMENT);
        // The numbers that joined datagrams get when they are cut again must not be needed to put fragments together
        // (RFC 6864).
        boolean atomic = protocol == IpProtocol.TCP || (fragment & Ipv4.DO_NOT_FRAGMENT) != 0;
        return ipLength == Ipv4.MIN_HEADER && (fragment & FRAGMENT_BITS) == 0 && atomic;
    }

    private static boolean carriesOnlyData(MemorySegment packet, PacketReader reader, int protocol) {
        long transport = reader.transport();
        if (protocol == IpProtocol.TCP) {
            return (Bytes.u8(packet, transport + Transports.TCP_FLAGS) & ~Transports.PSH) == Transports.ACK;
        }
        // A datagram without checksum would be given one.
        return Bytes.u16(packet, transport + Transports.UDP_CHECKSUM) != 0
                && transport + Bytes.u16(packet, transport + Transports.UDP_LENGTH)
                        == reader.offset() + reader.length();
    }

    /** Whether two IP headers without options say the same but for length and identification; and the ports behind them. */
    static boolean sameFlow(MemorySegment one, long at, MemorySegment other, long there, boolean ipv6) {
        if (ipv6) {
            return sameInt(one, at, other, there)
                    && sameShort(one, at + Ipv6.NEXT_HEADER, other, there + Ipv6.NEXT_HEADER)
                    && sameLong(one, at + Ipv6.SOURCE, other, there + Ipv6.SOURCE)
                    && sameLong(one, at + Ipv6.SOURCE + Long.BYTES, other, there + Ipv6.SOURCE + Long.BYTES)
                    && sameLong(one, at + Ipv6.DESTINATION, other, there + Ipv6.DESTINATION)
                    && sameLong(one, at + Ipv6.DESTINATION + Long.BYTES, other, there + Ipv6.DESTINATION + Long.BYTES)
                    && sameInt(one, at + Ipv6.HEADER, other, there + Ipv6.HEADER);
        }
        return sameShort(one, at, other, there)
                && sameInt(one, at + FRAGMENT_AND_MORE, other, there + FRAGMENT_AND_MORE)
                && sameLong(one, at + Ipv4.SOURCE, other, there + Ipv4.SOURCE)
                && sameInt(one, at + Ipv4.MIN_HEADER, other, there + Ipv4.MIN_HEADER);
    }

    /** Whether two TCP headers of one length say the same but for sequence, PSH and checksum. */
    static boolean sameTcp(MemorySegment one, long at, MemorySegment other, long there, int length) {
        long here = Bytes.u64(one, at + Transports.TCP_ACKNOWLEDGEMENT);
        long differences = here ^ Bytes.u64(other, there + Transports.TCP_ACKNOWLEDGEMENT);
        boolean same = (differences & ~PSH_IN_WORD) == 0
                && sameShort(one, at + Transports.TCP_URGENT, other, there + Transports.TCP_URGENT);
        for (int option = Transports.TCP_MIN_HEADER; same && option < length; option += Integer.BYTES) {
            same = sameInt(one, at + option, other, there + option);
        }
        return same;
    }

    private static boolean sameLong(MemorySegment one, long at, MemorySegment other, long there) {
        return one.get(JAVA_LONG_UNALIGNED, at) == other.get(JAVA_LONG_UNALIGNED, there);
    }

    private static boolean sameInt(MemorySegment one, long at, MemorySegment other, long there) {
        return one.get(JAVA_INT_UNALIGNED, at) == other.get(JAVA_INT_UNALIGNED, there);
    }

    private static boolean sameShort(MemorySegment one, long at, MemorySegment other, long there) {
        return one.get(JAVA_SHORT_UNALIGNED, at) == other.get(JAVA_SHORT_UNALIGNED, there);
    }
}
