// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.route.PacketHeaders;
import java.lang.foreign.MemorySegment;

/** Whole headers of IPv4 packets: lengths and full checksums, for packets that are cut or joined. Stateless. */
final class Transports {
    static final int TCP_SEQUENCE = 4;
    static final int TCP_ACKNOWLEDGEMENT = 8;
    static final int TCP_DATA_OFFSET = 12;
    static final int TCP_FLAGS = 13;
    static final int TCP_WINDOW = 14;
    static final int TCP_MIN_HEADER = 20;
    static final int UDP_HEADER = 8;
    static final int UDP_LENGTH = 4;

    static final int FIN = 0x01;
    static final int PSH = 0x08;
    static final int ACK = 0x10;
    static final int CWR = 0x80;

    private Transports() {}

    /** Length of the TCP or UDP header at a place, or 0 when it does not fit. */
    static int headerLength(MemorySegment packet, PacketHeaders headers, long transport, long end) {
        if (headers.protocol() == Ipv4.UDP) {
            return transport + UDP_HEADER <= end ? UDP_HEADER : 0;
        }
        if (headers.protocol() != Ipv4.TCP || transport + TCP_MIN_HEADER > end) {
            return 0;
        }
        int length = (Bytes.u8(packet, transport + TCP_DATA_OFFSET) >>> 4) * Integer.BYTES;
        return length >= TCP_MIN_HEADER && transport + length <= end ? length : 0;
    }

    /** Sets the total length of an IPv4 header and its checksum. */
    static void finishIp(MemorySegment packet, long at, long transport, int length) {
        Bytes.putU16(packet, at + Ipv4.TOTAL_LENGTH, length);
        Bytes.putU16(packet, at + Ipv4.CHECKSUM, 0);
        int sum = InternetChecksum.sum(packet, at, transport);
        Bytes.putU16(packet, at + Ipv4.CHECKSUM, InternetChecksum.complement(sum));
    }

    /** The sum over the pseudo-header of a transport header and payload of some length. */
    static int pseudoSum(MemorySegment packet, long at, int protocol, int transportLength) {
        int addresses = InternetChecksum.sum(packet, at + Ipv4.SOURCE, at + Ipv4.MIN_HEADER);
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

    /** Sets the transport checksum by summing everything; {@code end} is where the packet ends. */
    static void finishTransport(MemorySegment packet, long at, long transport, int protocol, long end) {
        long field = transport + Ipv4.checksumOffset(protocol);
        Bytes.putU16(packet, field, 0);
        int pseudo = pseudoSum(packet, at, protocol, (int) (end - transport));
        int sum = InternetChecksum.add(pseudo, InternetChecksum.sum(packet, transport, end));
        int checksum = InternetChecksum.complement(sum);
        Bytes.putU16(packet, field, protocol == Ipv4.UDP && checksum == 0 ? 0xffff : checksum);
    }
}
