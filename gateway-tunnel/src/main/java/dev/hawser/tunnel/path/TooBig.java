// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.Offload.Segmentation;
import dev.hawser.tunnel.port.PacketDevice;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Tells a sender that its packets are too big for the path to a peer: ICMP "fragmentation needed" (RFC 1191) or ICMPv6 "packet too
 * big" (RFC 8201), written back to the device it came from.
 *
 * <p>The answer comes from the address that the packet was for: a host drops what arrives with one of its own addresses as the
 * source, the gateway address included. Confined to one egress thread; allocates nothing per packet.
 */
final class TooBig {
    /** As many at once as a burst of new connections needs; then one every ten milliseconds (RFC 4443, 2.4 f). */
    private static final int BURST = 50;

    private static final long SPACING_NANOS = 10_000_000;

    private static final int AT = 64;
    private static final int LARGEST = Ipv6.MIN_MTU;

    /** What every IPv4 host takes (RFC 1812, 4.3.2.3). */
    private static final int LARGEST_IPV4 = 576;

    private static final int HOPS = 64;
    private static final int UNREACHABLE = 3;
    private static final int FRAGMENTATION_NEEDED = 4;
    private static final int PACKET_TOO_BIG = 2;
    private static final int MTU = 4;
    private static final int VERSION_6 = 6;
    private static final int VERSION_4_AND_LENGTH = 0x45;

    private final PacketDevice device;
    private final MemorySegment answer;
    private final Offload plain = new Offload();
    private long credit = BURST;
    private long creditedNanos;

    TooBig(PacketDevice device, Arena arena) {
        this.device = device;
        this.answer = arena.allocate(AT + (long) LARGEST, 64);
    }

    /** Whether a packet, or each piece that a super-packet is cut into, is larger than a path takes. */
    static boolean isTooBig(MemorySegment packet, PacketReader reader, Offload offload, int pathMtu) {
        return reader.length() > limit(reader, pathMtu)
                && pieceLength(packet, reader, offload) > limit(reader, pathMtu);
    }

    private static int limit(PacketReader reader, int pathMtu) {
        return reader.isIpv6() ? Math.max(pathMtu, Ipv6.MIN_MTU) : pathMtu;
    }

    private static int pieceLength(MemorySegment packet, PacketReader reader, Offload offload) {
        if (offload.segmentation() == Segmentation.NONE) {
            return reader.length();
        }
        long end = reader.offset() + reader.length();
        int transport = Transports.headerLength(packet, reader.headers(), reader.transport(), end);
        return (int) (reader.transport() - reader.offset()) + transport + offload.segmentSize();
    }

    /**
     * Answers a packet that is still as it was sent, unless it must not be answered (RFC 1122, 3.2.2) or too many answers went already.
     *
     * @param now monotonic nanoseconds
     */
    void answer(MemorySegment packet, PacketReader reader, int pathMtu, long now) {
        if (reader.quoted() != null || reader.headers().isLaterFragment() || !mayAnswer(now)) {
            return;
        }
        int length = reader.isIpv6() ? ipv6(packet, reader, limit(reader, pathMtu)) : ipv4(packet, reader, pathMtu);
        plain.plain();
        // A device that refuses it is down or full; the sender repeats its packet and is told then.
        device.write(answer, AT, length, plain);
    }

    private boolean mayAnswer(long now) {
        long earned = (now - creditedNanos) / SPACING_NANOS;
        // Also the first time, when there is nothing to count from.
        if (earned < 0 || earned >= BURST) {
            credit = BURST;
            creditedNanos = now;
        } else {
            credit = Math.min(BURST, credit + earned);
            creditedNanos += earned * SPACING_NANOS;
        }
        if (credit == 0) {
            return false;
        }
        credit--;
        return true;
    }

    private int ipv4(MemorySegment packet, PacketReader reader, int mtu) {
        long transport = AT + (long) Ipv4.MIN_HEADER;
        int length = quote(packet, reader, transport, LARGEST_IPV4);
        Bytes.putU32(answer, AT, VERSION_4_AND_LENGTH << 24);
        Bytes.putU32(answer, AT + (long) Ipv4.IDENTIFICATION, Ipv4.DO_NOT_FRAGMENT);
        Bytes.putU8(answer, AT + (long) Ipv4.TTL, HOPS);
        Bytes.putU8(answer, AT + (long) Ipv4.PROTOCOL, IpProtocol.ICMP);
        Bytes.putU32(answer, AT + (long) Ipv4.SOURCE, reader.headers().destinationLow());
        Bytes.putU32(answer, AT + (long) Ipv4.DESTINATION, reader.headers().sourceLow());
        Transports.finishIp(answer, AT, false, transport, length);
        head(transport, UNREACHABLE, FRAGMENTATION_NEEDED, mtu);
        finish(transport, InternetChecksum.sum(answer, transport, AT + (long) length));
        return length;
    }

    private int ipv6(MemorySegment packet, PacketReader reader, int mtu) {
        long transport = AT + (long) Ipv6.HEADER;
        int length = quote(packet, reader, transport, LARGEST);
        Bytes.putU32(answer, AT, (long) VERSION_6 << 28);
        Bytes.putU8(answer, AT + (long) Ipv6.NEXT_HEADER, IpProtocol.ICMPV6);
        Bytes.putU8(answer, AT + (long) Ipv6.HOP_LIMIT, HOPS);
        Bytes.putU64(answer, AT + (long) Ipv6.SOURCE, reader.headers().destinationHigh());
        Bytes.putU64(
                answer, AT + (long) Ipv6.SOURCE + Long.BYTES, reader.headers().destinationLow());
        Bytes.putU64(answer, AT + (long) Ipv6.DESTINATION, reader.headers().sourceHigh());
        Bytes.putU64(
                answer,
                AT + (long) Ipv6.DESTINATION + Long.BYTES,
                reader.headers().sourceLow());
        Transports.finishIp(answer, AT, true, transport, length);
        head(transport, PACKET_TOO_BIG, 0, mtu);
        int pseudo = Transports.pseudoSum(answer, AT, true, IpProtocol.ICMPV6, length - Ipv6.HEADER);
        finish(transport, InternetChecksum.add(pseudo, InternetChecksum.sum(answer, transport, AT + (long) length)));
        return length;
    }

    /** Copies as much of the packet as an answer may hold; returns the answer's length. */
    private int quote(MemorySegment packet, PacketReader reader, long transport, int largest) {
        long at = transport + IpProtocol.ICMP_HEADER;
        int before = (int) (at - AT);
        int quoted = Math.min(reader.length(), largest - before);
        MemorySegment.copy(packet, reader.offset(), answer, at, quoted);
        return before + quoted;
    }

    private void head(long transport, int type, int code, int mtu) {
        Bytes.putU8(answer, transport, type);
        Bytes.putU8(answer, transport + 1, code);
        Bytes.putU16(answer, transport + IpProtocol.ICMP_CHECKSUM, 0);
        Bytes.putU32(answer, transport + MTU, mtu);
    }

    private void finish(long transport, int sum) {
        Bytes.putU16(answer, transport + IpProtocol.ICMP_CHECKSUM, InternetChecksum.complement(sum));
    }
}
