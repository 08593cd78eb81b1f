// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.nio.ByteBuffer;

/**
 * The IP packet around a probe of a size, which the gateway makes itself: no kernel lets a socket say that the datagram
 * <em>around</em> its packet must not be fragmented. Pure.
 */
public final class ProbePacket {
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;
    private static final int UDP_HEADER = 8;
    private static final byte UDP = 17;
    private static final byte HOPS = 64;
    private static final short DO_NOT_FRAGMENT = 0x4000;

    private ProbePacket() {}

    /**
     * The packet for a probe.
     *
     * @param source the gateway address of this cluster, as the peer must see it before it remaps: the true one
     * @param destination the peer's gateway address, the true one
     * @param port of both ends
     * @param size length of the packet
     * @param message the sealed probe; zeros follow
     */
    public static byte[] of(IpAddress source, IpAddress destination, int port, int size, byte[] message) {
        boolean four = source.family() == Family.IPV4;
        int header = four ? IPV4_HEADER : IPV6_HEADER;
        int length = size - header;
        ByteBuffer packet = ByteBuffer.allocate(size);
        if (four) {
            packet.put((byte) 0x45).put((byte) 0).putShort((short) size).putShort((short) 0);
            packet.putShort(DO_NOT_FRAGMENT).put(HOPS).put(UDP).putShort((short) 0);
        } else {
            packet.putInt(0x6000_0000).putShort((short) length).put(UDP).put(HOPS);
        }
        packet.put(source.toBytes()).put(destination.toBytes());
        packet.putShort((short) port)
                .putShort((short) port)
                .putShort((short) length)
                .putShort((short) 0);
        packet.put(message);
        if (four) {
            packet.putShort(10, (short) ~sum(packet, 0, IPV4_HEADER, 0));
        }
        int addresses = 2 * source.toBytes().length;
        int checksum = ~sum(packet, header - addresses, size, UDP + length) & 0xffff;
        packet.putShort(header + UDP_HEADER - Short.BYTES, (short) (checksum == 0 ? 0xffff : checksum));
        return packet.array();
    }

    /** The payload that a UDP socket receives of a packet of a size. */
    public static int payload(Family family, int size) {
        return size - (family == Family.IPV4 ? IPV4_HEADER : IPV6_HEADER) - UDP_HEADER;
    }

    /** The ones' complement sum of 16-bit words (RFC 1071); an odd last byte is the high one of its word. */
    private static int sum(ByteBuffer packet, int from, int to, int start) {
        int sum = start;
        for (int at = from; at < to; at += Short.BYTES) {
            int high = Byte.toUnsignedInt(packet.get(at)) << Byte.SIZE;
            sum += high + (at + 1 < to ? Byte.toUnsignedInt(packet.get(at + 1)) : 0);
        }
        int folded = (sum & 0xffff) + (sum >>> 16);
        return (folded + (folded >>> 16)) & 0xffff;
    }
}
