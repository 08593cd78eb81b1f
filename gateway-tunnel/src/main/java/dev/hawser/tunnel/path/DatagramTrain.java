// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.port.UdpPort;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.session.TransportSession;
import dev.hawser.tunnel.wire.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Sealed datagrams of equal size to one peer that leave in one send (UDP_SEGMENT).
 *
 * <p>Confined to the egress thread; allocates nothing per packet.
 */
final class DatagramTrain {
    /** What one UDP send takes, with room for an IPv6 header. */
    private static final int CAPACITY = 65_535 - 8 - 40;

    private final MemorySegment datagrams;
    private final int mtu;
    private int end;
    private int first;
    private int last;
    private int packets;
    private long innerBytes;

    DatagramTrain(int mtu, Arena arena) {
        this.mtu = mtu;
        this.datagrams = arena.allocate(CAPACITY, 64);
    }

    /** Whether another packet of a length has a place before the train must leave. */
    boolean takes(int length, int maxSegments) {
        int datagram = Transport.paddedLength(length, mtu) + Transport.OVERHEAD;
        boolean fits = packets < maxSegments && end + datagram <= CAPACITY;
        return packets == 0 || (fits && last == first && datagram <= first);
    }

    /**
     * Seals a packet to the end of the train. Up to 16 bytes behind the packet are borrowed for its padding and put back, because the
     * next packet's payload may begin there.
     *
     * @return why the packet is lost, or null
     */
    @Nullable
    DropReason add(TransportSession session, MemorySegment packet, long offset, int length) {
        int padded = Transport.paddedLength(length, mtu);
        if (padded + Transport.OVERHEAD > CAPACITY - end) {
            return DropReason.MALFORMED;
        }
        long tail = offset + length;
        long behind = packet.get(ValueLayout.JAVA_LONG_UNALIGNED, tail);
        long further = packet.get(ValueLayout.JAVA_LONG_UNALIGNED, tail + Long.BYTES);
        packet.set(ValueLayout.JAVA_LONG_UNALIGNED, tail, 0);
        packet.set(ValueLayout.JAVA_LONG_UNALIGNED, tail + Long.BYTES, 0);
        int datagram = session.seal(packet, offset, padded, datagrams, end);
        packet.set(ValueLayout.JAVA_LONG_UNALIGNED, tail, behind);
        packet.set(ValueLayout.JAVA_LONG_UNALIGNED, tail + Long.BYTES, further);
        if (datagram == TransportSession.UNUSABLE) {
            return DropReason.EXPIRED;
        }
        first = packets == 0 ? datagram : first;
        last = datagram;
        end += datagram;
        packets++;
        innerBytes += length;
        return null;
    }

    /** Sends what there is and counts it; returns whether anything went. */
    boolean leave(UdpPort udp, @Nullable UdpEndpoint to, PathCounters counters) {
        boolean sent = false;
        if (packets > 0) {
            int segment = packets == 1 ? 0 : first;
            sent = to != null && udp.send(datagrams, 0, end, segment, to) == UdpPort.Outcome.SENT;
            if (sent) {
                counters.passed(packets, innerBytes);
            } else {
                counters.dropped(DropReason.SEND_FAILED, packets);
            }
        }
        end = 0;
        packets = 0;
        innerBytes = 0;
        return sent;
    }
}
