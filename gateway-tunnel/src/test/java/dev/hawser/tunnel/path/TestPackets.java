// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.ipam.address.IpAddress;
import java.nio.ByteBuffer;

/** Builds IPv4 packets with right checksums, and checks them by full recomputation: the oracle of the rewriter. */
public final class TestPackets {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;

    private TestPackets() {}

    /** An IPv4 packet; the transport's checksum is computed in place where the protocol has one. */
    public static byte[] ipv4(int protocol, String source, String destination, byte[] transport) {
        return ipv4(protocol, source, destination, transport, 0);
    }

    static byte[] ipv4(int protocol, String source, String destination, byte[] transport, int fragment) {
        ByteBuffer packet = ByteBuffer.allocate(20 + transport.length);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity());
        packet.putShort((short) 7).putShort((short) fragment).put((byte) 63).put((byte) protocol);
        packet.putShort((short) 0);
        packet.put(IpAddress.parse(source).toBytes())
                .put(IpAddress.parse(destination).toBytes());
        packet.put(transport);
        packet.putShort(10, (short) complement(sum(packet.array(), 0, 20)));
        if ((fragment & 0x1fff) == 0) {
            completeTransport(packet.array());
        }
        return packet.array();
    }

    /** A UDP datagram; its checksum is filled in by {@link #ipv4}. */
    public static byte[] udp(int sourcePort, int destinationPort, byte[] payload) {
        ByteBuffer datagram = ByteBuffer.allocate(8 + payload.length);
        datagram.putShort((short) sourcePort).putShort((short) destinationPort);
        datagram.putShort((short) datagram.capacity()).putShort((short) 0).put(payload);
        return datagram.array();
    }

    /** A TCP segment without options. */
    public static byte[] tcp(int sourcePort, int destinationPort, byte[] payload) {
        ByteBuffer segment = ByteBuffer.allocate(20 + payload.length);
        segment.putShort((short) sourcePort)
                .putShort((short) destinationPort)
                .putInt(1)
                .putInt(2);
        segment.putShort((short) 0x5010)
                .putShort((short) 100)
                .putShort((short) 0)
                .putShort((short) 0);
        return segment.put(payload).array();
    }

    /** An ICMP message: echo, or an error whose body quotes a packet. */
    public static byte[] icmp(int type, byte[] body) {
        ByteBuffer message = ByteBuffer.allocate(8 + body.length);
        message.put((byte) type).put((byte) 0).putShort((short) 0).putInt(0).put(body);
        return message.array();
    }

    static void completeTransport(byte[] packet) {
        int field = checksumField(packet);
        if (field >= 0) {
            ByteBuffer view = ByteBuffer.wrap(packet);
            view.putShort(field, (short) 0);
            int checksum = complement(transportSum(packet));
            view.putShort(field, (short) (checksum == 0 && packet[9] == UDP ? 0xffff : checksum));
        }
    }

    /** Whether every checksum of the packet is right, by summing everything. */
    public static boolean isSound(byte[] packet) {
        ByteBuffer view = ByteBuffer.wrap(packet);
        boolean header = sum(packet, 0, 20) == 0xffff;
        int field = checksumField(packet);
        boolean without = field < 0 || (packet[9] == UDP && view.getShort(field) == 0);
        return header && (without || transportSum(packet) == 0xffff);
    }

    private static int checksumField(byte[] packet) {
        return switch (packet[9]) {
            case TCP -> 36;
            case UDP -> 26;
            case ICMP -> 22;
            default -> -1;
        };
    }

    /** Sum over the transport and, except for ICMP, the pseudo-header. */
    private static int transportSum(byte[] packet) {
        int length = packet.length - 20;
        int total = sum(packet, 20, length);
        return packet[9] == ICMP ? total : fold(total + sum(packet, 12, 8) + packet[9] + length);
    }

    private static int sum(byte[] bytes, int from, int length) {
        int total = 0;
        for (int i = 0; i < length; i++) {
            int value = Byte.toUnsignedInt(bytes[from + i]);
            total = fold(total + ((i & 1) == 0 ? value << 8 : value));
        }
        return total;
    }

    private static int fold(int total) {
        int folded = total;
        while (folded > 0xffff) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return folded;
    }

    private static int complement(int total) {
        return ~total & 0xffff;
    }
}
