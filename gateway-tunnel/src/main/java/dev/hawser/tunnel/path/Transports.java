// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.route.PacketHeaders;
import java.lang.foreign.MemorySegment;

/** Whole headers of either family: lengths and full checksums, for packets that are cut or joined. Stateless. */
final class Transports {
    static final int TCP_SEQUENCE = 4;
    static final int TCP_ACKNOWLEDGEMENT = 8;
    static final int TCP_DATA_OFFSET = 12;
    static final int TCP_FLAGS = 13;
    static final int TCP_CHECKSUM = 16;
    static final int TCP_URGENT = 18;
    static final int TCP_MIN_HEADER = 20;
    static final int UDP_HEADER = 8;
    static final int UDP_LENGTH = 4;
    static final int UDP_CHECKSUM = 6;

    static final int FIN = 0x01;
    static final int PSH = 0x08;
    static final int ACK = 0x10;
    static final int CWR = 0x80;

    private Transports() {}

    /** Length of the TCP or UDP header at a place, or 0 when it does not fit. */
    static int headerLength(MemorySegment packet, PacketHeaders headers, long transport, long end) {
        if (headers.protocol() == IpProtocol.UDP) {
            return transport + UDP_HEADER <= end ? UDP_HEADER : 0;
        }
        if (headers.protocol() != IpProtocol.TCP || transport + TCP_MIN_HEADER > end) {
            return 0;
        }
        int length = (Bytes.u8(packet, transport + TCP_DATA_OFFSET) >>> 4) * Integer.BYTES;
        return length >= TCP_MIN_HEADER && transport + length <= end ? length : 0;
    }

    /** Sets the length in an IP header, and its checksum where it has one; {@code length} is the whole packet's. */
    static void finishIp(MemorySegment packet, long at, boolean ipv6, long transport, int length) {
        if (ipv6) {
            Bytes.putU16(packet, at + Ipv6.PAYLOAD_LENGTH, length - Ipv6.HEADER);
            return;
        }
        Bytes.putU16(packet, at + Ipv4.TOTAL_LENGTH, length);
        Bytes.putU16(packet, at + Ipv4.CHECKSUM, 0);
        int sum = InternetChecksum.sum(packet, at, transport);
        Bytes.putU16(packet, at + Ipv4.CHECKSUM, InternetChecksum.complement(sum));
    }

    /** The sum over the pseudo-header of a transport header and payload of some length (RFC 9293, 3.1; RFC 8200, 8.1). */
    static int pseudoSum(MemorySegment packet, long at, boolean ipv6, int protocol, int transportLength) {
        int addresses = ipv6
                ? InternetChecksum.sum(packet, at + Ipv6.SOURCE, at + Ipv6.HEADER)
                : InternetChecksum.sum(packet, at + Ipv4.SOURCE, at + Ipv4.MIN_HEADER);
        return InternetChecksum.add(addresses, protocol + transportLength);
    }

    /**
     * Completes a checksum whose field holds the pseudo-header sum. A computed 0 becomes 0xffff, which is the same sum and which UDP
     * asks for.
     */
    static void completeChecksum(MemorySegment packet, long start, int field, long end) {
        if (start + field + Short.BYTES <= end) {
            int checksum = InternetChecksum.complement(InternetChecksum.sum(packet, start, end));
            Bytes.putU16(packet, start + field, checksum == 0 ? 0xffff : checksum);
        }
    }

    /** Sets the checksum of TCP or UDP by summing everything; {@code end} is where the packet ends. */
    static void finishTransport(MemorySegment packet, long at, boolean ipv6, long transport, int protocol, long end) {
        long field = transport + (protocol == IpProtocol.TCP ? TCP_CHECKSUM : UDP_CHECKSUM);
        Bytes.putU16(packet, field, 0);
        int pseudo = pseudoSum(packet, at, ipv6, protocol, (int) (end - transport));
        int sum = InternetChecksum.add(pseudo, InternetChecksum.sum(packet, transport, end));
        int checksum = InternetChecksum.complement(sum);
        Bytes.putU16(packet, field, protocol == IpProtocol.UDP && checksum == 0 ? 0xffff : checksum);
    }
}
