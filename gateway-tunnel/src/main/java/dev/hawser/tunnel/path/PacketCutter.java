// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.Offload;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Cuts a super-packet into packets where it lies: the headers of each are written in front of its payload, over the end of the one
 * before, which has been sealed elsewhere by then. So payload is never copied.
 *
 * <p>Confined to one egress thread; allocates nothing per packet.
 */
final class PacketCutter {
    /** The longest IPv4 and TCP headers take 120; IPv6 extension headers that repeat in every segment have the rest. */
    private static final int LONGEST_HEADERS = 512;

    private final MemorySegment packet;
    private final MemorySegment headers;
    private boolean ipv6;
    private int ipLength;
    private int headerLength;
    private int protocol;
    private int segmentSize;
    private long payload;
    private long end;
    private int index;
    private long offset;
    private int length;

    /** A cutter for packets in one buffer. */
    PacketCutter(MemorySegment packet, Arena arena) {
        this.packet = packet;
        this.headers = arena.allocate(LONGEST_HEADERS);
    }

    /** Takes a super-packet, rewritten already; returns false when it cannot be cut. */
    boolean begin(PacketReader reader, Offload offload) {
        end = reader.offset() + reader.length();
        ipv6 = reader.isIpv6();
        protocol = reader.headers().protocol();
        int transportLength = Transports.headerLength(packet, reader.headers(), reader.transport(), end);
        ipLength = (int) (reader.transport() - reader.offset());
        headerLength = ipLength + transportLength;
        segmentSize = offload.segmentSize();
        payload = reader.offset() + headerLength;
        index = 0;
        if (transportLength == 0
                || segmentSize == 0
                || headerLength > LONGEST_HEADERS
                || reader.headers().isLaterFragment()) {
            return false;
        }
        MemorySegment.copy(packet, reader.offset(), headers, 0, headerLength);
        return true;
    }

    /** Prepares the next packet; returns false when there is none. */
    boolean next() {
        long from = payload + (long) index * segmentSize;
        if (from >= end) {
            return false;
        }
        int carried = (int) Math.min(segmentSize, end - from);
        offset = from - headerLength;
        length = headerLength + carried;
        MemorySegment.copy(headers, 0, packet, offset, headerLength);
        if (!ipv6) {
            Bytes.putU16(packet, offset + Ipv4.IDENTIFICATION, Bytes.u16(headers, Ipv4.IDENTIFICATION) + index);
        }
        long transport = offset + ipLength;
        if (protocol == IpProtocol.TCP) {
            continueTcp(transport, from + carried == end);
        } else {
            Bytes.putU16(packet, transport + Transports.UDP_LENGTH, Transports.UDP_HEADER + carried);
        }
        Transports.finishIp(packet, offset, ipv6, transport, length);
        Transports.finishTransport(packet, offset, ipv6, transport, protocol, offset + length);
        index++;
        return true;
    }

    /** FIN and PSH belong to the last segment only, CWR to the first. */
    private void continueTcp(long transport, boolean last) {
        long sequence = Bytes.u32(headers, ipLength + Transports.TCP_SEQUENCE);
        Bytes.putU32(packet, transport + Transports.TCP_SEQUENCE, sequence + (long) index * segmentSize);
        int flags = Bytes.u8(headers, ipLength + Transports.TCP_FLAGS);
        int kept = last ? flags : flags & ~(Transports.FIN | Transports.PSH);
        Bytes.putU8(packet, transport + Transports.TCP_FLAGS, index == 0 ? kept : kept & ~Transports.CWR);
    }

    /** Where the present packet starts. */
    long offset() {
        return offset;
    }

    /** Its length. */
    int length() {
        return length;
    }
}
