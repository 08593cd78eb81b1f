// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.port.UdpPort;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.session.PeerSession;
import dev.hawser.tunnel.session.TransportSession;
import dev.hawser.tunnel.wire.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.jspecify.annotations.Nullable;

/**
 * Sealed datagrams of equal size to one peer that leave in one send (UDP_SEGMENT). Only the last may be shorter.
 *
 * <p>A train takes packets from as many reads as come without a pause: the kernel's work for a send hardly depends on how much
 * it carries, and a super-packet of 64 KiB is two or three datagrams longer than a send, which would leave alone. Confined to
 * one egress thread; allocates nothing per packet.
 */
final class DatagramTrain {
    /** What one UDP send takes, with room for an IPv6 header. */
    private static final int CAPACITY = 65_535 - 8 - 40;

    private final MemorySegment datagrams;
    private final int queue;
    private final int mtu;
    private @Nullable PeerLane lane;
    private @Nullable PeerSession peer;
    private int end;
    private int first;
    private int last;
    private int packets;
    private long innerBytes;

    DatagramTrain(int queue, int mtu, Arena arena) {
        this.queue = queue;
        this.mtu = mtu;
        this.datagrams = arena.allocate(CAPACITY, 64);
    }

    /**
     * Seals a packet to the end of the train; what cannot travel with it is sent before. Up to 16 bytes behind the packet are
     * borrowed for its padding and put back, because the next packet's payload may begin there.
     *
     * @param to the peer, for its counters
     * @return why the packet is lost, or null
     */
    @Nullable
    DropReason add(
            PeerLane to,
            TransportSession session,
            UdpPort udp,
            MemorySegment packet,
            long offset,
            int length,
            long now) {
        int padded = Transport.paddedLength(length, mtu);
        int datagram = padded + Transport.OVERHEAD;
        if (packets > 0 && !takes(session, datagram, udp.maxSegments())) {
            leave(udp, now);
        }
        if (datagram > CAPACITY) {
            return DropReason.MALFORMED;
        }
        long tail = offset + length;
        long behind = packet.get(ValueLayout.JAVA_LONG_UNALIGNED, tail);
        long further = packet.get(ValueLayout.JAVA_LONG_UNALIGNED, tail + Long.BYTES);
        packet.set(ValueLayout.JAVA_LONG_UNALIGNED, tail, 0);
        packet.set(ValueLayout.JAVA_LONG_UNALIGNED, tail + Long.BYTES, 0);
        int sealed = session.seal(queue, packet, offset, padded, datagrams, end);
        packet.set(ValueLayout.JAVA_LONG_UNALIGNED, tail, behind);
        packet.set(ValueLayout.JAVA_LONG_UNALIGNED, tail + Long.BYTES, further);
        if (sealed == TransportSession.UNUSABLE) {
            return DropReason.EXPIRED;
        }
        if (packets == 0) {
            lane = to;
            peer = session.peer();
            first = datagram;
        }
        last = datagram;
        end += datagram;
        packets++;
        innerBytes += length;
        return null;
    }

    private boolean takes(TransportSession session, int datagram, int maxSegments) {
        return session.peer() == peer
                && packets < maxSegments
                && end + datagram <= CAPACITY
                && last == first
                && datagram <= first;
    }

    /** Sends what there is and counts it. */
    void leave(UdpPort udp, long now) {
        PeerSession to = peer;
        PeerLane counted = lane;
        if (packets > 0 && to != null && counted != null) {
            UdpEndpoint endpoint = to.endpoint();
            int segment = packets == 1 ? 0 : first;
            if (endpoint != null && udp.send(datagrams, 0, end, segment, endpoint) == UdpPort.Outcome.SENT) {
                counted.sent(queue).passed(packets, innerBytes);
                to.onDataSent(now);
            } else {
                counted.sent(queue).dropped(DropReason.SEND_FAILED, packets);
            }
        }
        end = 0;
        packets = 0;
        innerBytes = 0;
        peer = null;
        lane = null;
    }
}
