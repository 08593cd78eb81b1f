// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.Offload.Segmentation;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.route.DropReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Joins consecutive segments of one TCP connection, or datagrams of one UDP flow, into a super-packet, so that the kernel handles
 * them once.
 *
 * <p>The rules are those of receive offload: same addresses, ports, acknowledgement, window and options; each segment continues the
 * one before; a shorter one or PSH ends it. The joined packet carries an unfinished checksum: the segments were authenticated
 * one by one, as kernel WireGuard has it. Confined to one ingress thread; allocates nothing per packet.
 */
final class PacketJoiner {
    private static final int AT = 64;
    private static final int LARGEST = 65_535;

    /** What Linux takes in one train of datagrams (UDP_MAX_SEGMENTS before 6.9). */
    private static final int MOST_DATAGRAMS = 64;

    private final FlowSpread spread;
    private final MemorySegment joined;
    private final Offload offload = new Offload();
    private PacketDevice device;
    private PathCounters counters = new PathCounters();
    private int packets;
    private long innerBytes;
    private int length;
    private boolean ipv6;
    private int protocol;
    private int ipLength;
    private int headerLength;
    private int segmentSize;

    PacketJoiner(List<PacketDevice> queues, Arena arena) {
        this.spread = new FlowSpread(queues);
        this.device = spread.any();
        this.joined = arena.allocate(AT + (long) LARGEST, 64);
    }

    /** Takes a packet, rewritten already: joins it, or delivers what was joined and then this one. */
    void accept(MemorySegment packet, PacketReader reader, PathCounters ofPeer) {
        int headers = device.hasOffloads() ? Joinable.headers(packet, reader, device.hasUdpSegmentation()) : 0;
        if (headers == 0) {
            flush();
            deliver(packet, reader, ofPeer);
            return;
        }
        int payload = reader.length() - headers;
        boolean pushed = isPushed(packet, reader);
        if (packets > 0 && continues(packet, reader, headers, payload)) {
            MemorySegment.copy(packet, reader.offset() + headers, joined, AT + (long) length, payload);
            length += payload;
            packets++;
            innerBytes += reader.length();
            if (pushed) {
                Bytes.putU8(joined, AT + (long) ipLength + Transports.TCP_FLAGS, Transports.ACK | Transports.PSH);
            }
            if (pushed || payload < segmentSize) {
                flush();
            }
            return;
        }
        flush();
        if (pushed) {
            deliver(packet, reader, ofPeer);
        } else {
            begin(packet, reader, headers, ofPeer);
        }
    }

    private static boolean isPushed(MemorySegment packet, PacketReader reader) {
        return reader.headers().protocol() == IpProtocol.TCP
                && (Bytes.u8(packet, reader.transport() + Transports.TCP_FLAGS) & Transports.PSH) != 0;
    }

    private void begin(MemorySegment packet, PacketReader reader, int headers, PathCounters ofPeer) {
        MemorySegment.copy(packet, reader.offset(), joined, AT, reader.length());
        device = spread.queueOf(reader.headers());
        counters = ofPeer;
        packets = 1;
        innerBytes = reader.length();
        length = reader.length();
        ipv6 = reader.isIpv6();
        protocol = reader.headers().protocol();
        ipLength = (int) (reader.transport() - reader.offset());
        headerLength = headers;
        segmentSize = reader.length() - headers;
    }

    private boolean continues(MemorySegment packet, PacketReader reader, int headers, int payload) {
        return headers == headerLength
                && ipv6 == reader.isIpv6()
                && payload <= segmentSize
                && length + payload <= LARGEST
                && Joinable.sameFlow(packet, reader.offset(), joined, AT, ipv6)
                && (protocol == IpProtocol.TCP ? continuesTcp(packet, reader.transport()) : packets < MOST_DATAGRAMS);
    }

    private boolean continuesTcp(MemorySegment packet, long transport) {
        long there = AT + (long) ipLength;
        long expected = Bytes.u32(joined, there + Transports.TCP_SEQUENCE) + length - headerLength;
        return Bytes.u32(packet, transport + Transports.TCP_SEQUENCE) == (expected & 0xffff_ffffL)
                && Joinable.sameTcp(packet, transport, joined, there, headerLength - ipLength);
    }

    /** Delivers what was joined. */
    void flush() {
        if (packets == 0) {
            return;
        }
        offload.plain();
        if (packets > 1) {
            finish();
        }
        if (device.write(joined, AT, length, offload)) {
            counters.passed(packets, innerBytes);
        } else {
            counters.dropped(DropReason.DEVICE_REFUSED, packets);
        }
        packets = 0;
    }

    /** Makes the joined bytes one packet whose checksum the kernel completes, also after cutting it again. */
    private void finish() {
        long transport = AT + (long) ipLength;
        int transportLength = length - ipLength;
        Transports.finishIp(joined, AT, ipv6, transport, length);
        boolean tcp = protocol == IpProtocol.TCP;
        if (!tcp) {
            Bytes.putU16(joined, transport + Transports.UDP_LENGTH, transportLength);
        }
        int checksum = tcp ? Transports.TCP_CHECKSUM : Transports.UDP_CHECKSUM;
        int pseudo = Transports.pseudoSum(joined, AT, ipv6, protocol, transportLength);
        Bytes.putU16(joined, transport + checksum, pseudo);
        Segmentation ofTcp = ipv6 ? Segmentation.TCP6 : Segmentation.TCP4;
        offload.segments(tcp ? ofTcp : Segmentation.UDP, headerLength, segmentSize);
        offload.partialChecksum(ipLength, checksum);
    }

    private void deliver(MemorySegment packet, PacketReader reader, PathCounters ofPeer) {
        offload.plain();
        if (spread.queueOf(reader.headers()).write(packet, reader.offset(), reader.length(), offload)) {
            ofPeer.passed(1, reader.length());
        } else {
            ofPeer.dropped(DropReason.DEVICE_REFUSED);
        }
    }
}
