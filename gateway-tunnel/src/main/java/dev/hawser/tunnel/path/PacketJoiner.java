// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.Offload.Segmentation;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.route.DropReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Joins consecutive segments of one TCP connection into a super-packet, so that the kernel handles them once.
 *
 * <p>The rules are those of receive offload: same addresses, ports, acknowledgement, window and options; each continues the one
 * before; a shorter one or PSH ends it. The joined packet carries an unfinished checksum: the segments were authenticated
 * one by one, as kernel WireGuard has it. Confined to the ingress thread; allocates nothing per packet.
 */
final class PacketJoiner {
    private static final int AT = 64;
    private static final int LARGEST = 65_535;
    private static final int TRANSPORT = Ipv4.MIN_HEADER;
    private static final int TCP_CHECKSUM = 16;
    private static final int FRAGMENT_BITS = 0x3fff;

    private final PacketDevice device;
    private final MemorySegment joined;
    private final Offload offload = new Offload();
    private PathCounters counters = new PathCounters();
    private int packets;
    private long innerBytes;
    private int length;
    private int headerLength;
    private int segmentSize;

    PacketJoiner(PacketDevice device, Arena arena) {
        this.device = device;
        this.joined = arena.allocate(AT + (long) LARGEST, 64);
    }

    /** Takes a packet, rewritten already: joins it, or delivers what was joined and then this one. */
    void accept(MemorySegment packet, PacketReader reader, PathCounters ofPeer) {
        int headers = device.hasOffloads() ? joinableHeaders(packet, reader) : 0;
        if (headers == 0) {
            flush();
            deliver(packet, reader.offset(), reader.length(), ofPeer);
            return;
        }
        int payload = reader.length() - headers;
        boolean pushed = (flags(packet, reader.transport()) & Transports.PSH) != 0;
        if (packets > 0 && continues(packet, reader, headers, payload)) {
            MemorySegment.copy(packet, reader.offset() + headers, joined, AT + (long) length, payload);
            length += payload;
            packets++;
            innerBytes += reader.length();
            if (pushed) {
                Bytes.putU8(joined, AT + (long) TRANSPORT + Transports.TCP_FLAGS, Transports.ACK | Transports.PSH);
            }
            if (pushed || payload < segmentSize) {
                flush();
            }
            return;
        }
        flush();
        if (pushed) {
            deliver(packet, reader.offset(), reader.length(), ofPeer);
        } else {
            begin(packet, reader, headers, ofPeer);
        }
    }

    private void begin(MemorySegment packet, PacketReader reader, int headers, PathCounters ofPeer) {
        MemorySegment.copy(packet, reader.offset(), joined, AT, reader.length());
        counters = ofPeer;
        packets = 1;
        innerBytes = reader.length();
        length = reader.length();
        headerLength = headers;
        segmentSize = reader.length() - headers;
    }

    /** Length of the headers of a TCP segment that carries data and nothing special, or 0. */
    private static int joinableHeaders(MemorySegment packet, PacketReader reader) {
        long at = reader.offset();
        boolean plain = reader.headers().protocol() == Ipv4.TCP
                && reader.transport() - at == Ipv4.MIN_HEADER
                && (Bytes.u16(packet, at + Ipv4.FRAGMENT) & FRAGMENT_BITS) == 0;
        if (!plain) {
            return 0;
        }
        long end = at + reader.length();
        int tcp = Transports.headerLength(packet, reader.headers(), reader.transport(), end);
        int flags = tcp == 0 ? 0 : flags(packet, reader.transport());
        int headers = Ipv4.MIN_HEADER + tcp;
        return (flags & ~Transports.PSH) == Transports.ACK && reader.length() > headers ? headers : 0;
    }

    private static int flags(MemorySegment packet, long transport) {
        return Bytes.u8(packet, transport + Transports.TCP_FLAGS);
    }

    private boolean continues(MemorySegment packet, PacketReader reader, int headers, int payload) {
        long at = reader.offset();
        long expected = Bytes.u32(joined, AT + (long) TRANSPORT + Transports.TCP_SEQUENCE) + length - headerLength;
        return headers == headerLength
                && payload <= segmentSize
                && length + payload <= LARGEST
                && Bytes.u32(packet, at + TRANSPORT + Transports.TCP_SEQUENCE) == (expected & 0xffff_ffffL)
                && sameBytes(packet, at, 0, 2)
                && sameBytes(packet, at, Ipv4.FRAGMENT, Ipv4.CHECKSUM)
                && sameBytes(packet, at, Ipv4.SOURCE, TRANSPORT + Transports.TCP_SEQUENCE)
                && sameBytes(packet, at, TRANSPORT + Transports.TCP_ACKNOWLEDGEMENT, TRANSPORT + Transports.TCP_FLAGS)
                && sameBytes(packet, at, TRANSPORT + Transports.TCP_WINDOW, TRANSPORT + TCP_CHECKSUM)
                && sameBytes(packet, at, TRANSPORT + TCP_CHECKSUM + 2, headers);
    }

    /** Whether a part of the headers equals that of the joined packet. */
    private boolean sameBytes(MemorySegment packet, long at, int from, int to) {
        return MemorySegment.mismatch(packet, at + from, at + to, joined, AT + (long) from, AT + (long) to) < 0;
    }

    /** Delivers what was joined. */
    void flush() {
        if (packets == 0) {
            return;
        }
        offload.plain();
        if (packets > 1) {
            long transport = AT + (long) Ipv4.MIN_HEADER;
            Transports.finishIp(joined, AT, transport, length);
            int pseudo = Transports.pseudoSum(joined, AT, Ipv4.TCP, length - Ipv4.MIN_HEADER);
            Bytes.putU16(joined, transport + TCP_CHECKSUM, pseudo);
            offload.segments(Segmentation.TCP4, headerLength, segmentSize);
            offload.partialChecksum(Ipv4.MIN_HEADER, TCP_CHECKSUM);
        }
        if (device.write(joined, AT, length, offload)) {
            counters.passed(packets, innerBytes);
        } else {
            counters.dropped(DropReason.DEVICE_REFUSED, packets);
        }
        packets = 0;
    }

    private void deliver(MemorySegment packet, long at, int size, PathCounters ofPeer) {
        offload.plain();
        if (device.write(packet, at, size, offload)) {
            ofPeer.passed(1, size);
        } else {
            ofPeer.dropped(DropReason.DEVICE_REFUSED);
        }
    }
}
