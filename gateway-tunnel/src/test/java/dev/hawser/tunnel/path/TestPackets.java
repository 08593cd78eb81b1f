// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.ipam.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Builds packets of both families with right checksums, and checks them by full recomputation: the oracle of the rewriter. Shares no
 * line with what it judges.
 */
public final class TestPackets {
    static final int ICMP = 1;
    static final int TCP = 6;
    static final int UDP = 17;
    static final int DCCP = 33;
    static final int ROUTING = 43;
    static final int FRAGMENT = 44;
    static final int ICMPV6 = 58;
    static final int DESTINATION_OPTIONS = 60;
    static final int UDP_LITE = 136;

    private TestPackets() {}

    /** An IP packet of the addresses' family; the transport's checksum is computed in place where the protocol has one. */
    public static byte[] ip(int protocol, String source, String destination, byte[] transport) {
        return source.contains(":")
                ? ipv6(protocol, source, destination, transport)
                : ipv4(protocol, source, destination, transport);
    }

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
        complete(packet.array());
        return packet.array();
    }

    /** An IPv6 packet; {@code next} may be an extension header that {@code rest} begins with. */
    public static byte[] ipv6(int next, String source, String destination, byte[] rest) {
        ByteBuffer packet = ByteBuffer.allocate(40 + rest.length);
        packet.putInt(0x6000_beef)
                .putShort((short) rest.length)
                .put((byte) next)
                .put((byte) 63);
        packet.put(IpAddress.parse(source).toBytes())
                .put(IpAddress.parse(destination).toBytes());
        packet.put(rest);
        complete(packet.array());
        return packet.array();
    }

    /** An extension header with a body of {@code 8 n - 2} bytes, and what comes behind it. */
    static byte[] extension(int next, byte[] body, byte[] rest) {
        ByteBuffer bytes = ByteBuffer.allocate(2 + body.length + rest.length);
        bytes.put((byte) next).put((byte) ((body.length + 2) / 8 - 1)).put(body);
        return bytes.put(rest).array();
    }

    /** A fragment header and what comes behind it; the offset counts units of eight bytes. */
    static byte[] fragment(int next, int offset, boolean more, byte[] rest) {
        ByteBuffer bytes = ByteBuffer.allocate(8 + rest.length);
        bytes.put((byte) next).put((byte) 0).putShort((short) (offset << 3 | (more ? 1 : 0)));
        return bytes.putInt(4711).put(rest).array();
    }

    /** A UDP datagram; its checksum is filled in by {@link #ip}. */
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

    /** An ICMP message of either family: echo, or an error whose body quotes a packet. */
    public static byte[] icmp(int type, byte[] body) {
        ByteBuffer message = ByteBuffer.allocate(8 + body.length);
        message.put((byte) type).put((byte) 0).putShort((short) 0).putInt(0).put(body);
        return message.array();
    }

    /** Sets every checksum. */
    static void complete(byte[] packet) {
        completeHeader(packet);
        completeTransport(packet);
    }

    static void completeHeader(byte[] packet) {
        if (!isIpv6(packet)) {
            ByteBuffer view = ByteBuffer.wrap(packet).putShort(10, (short) 0);
            view.putShort(10, (short) complement(sum(packet, 0, headerLength(packet))));
        }
    }

    static void completeTransport(byte[] packet) {
        int field = checksumField(packet);
        if (field >= 0) {
            ByteBuffer view = ByteBuffer.wrap(packet);
            view.putShort(field, (short) 0);
            int checksum = complement(transportSum(packet));
            int protocol = protocol(packet);
            boolean ones = protocol == UDP || protocol == UDP_LITE;
            view.putShort(field, (short) (checksum == 0 && ones ? 0xffff : checksum));
        }
    }

    /** Puts the sum over the pseudo-header into the checksum field, as CHECKSUM_PARTIAL has it. */
    static byte[] withPseudoSum(byte[] packet) {
        byte[] result = packet.clone();
        ByteBuffer.wrap(result).putShort(checksumField(packet), (short) pseudoSum(packet));
        return result;
    }

    /** Whether every checksum of the packet is right, by summing everything. */
    public static boolean isSound(byte[] packet) {
        boolean header = isIpv6(packet) || sum(packet, 0, headerLength(packet)) == 0xffff;
        int field = checksumField(packet);
        boolean without =
                field < 0 || (protocol(packet) == UDP && ByteBuffer.wrap(packet).getShort(field) == 0);
        return header && (without || transportSum(packet) == 0xffff);
    }

    static boolean isIpv6(byte[] packet) {
        return packet[0] >>> 4 == 6;
    }

    /** {@code source -> destination}. */
    static String addresses(byte[] packet) {
        int at = isIpv6(packet) ? 8 : 12;
        int length = isIpv6(packet) ? 16 : 4;
        return IpAddress.ofBytes(Arrays.copyOfRange(packet, at, at + length)) + " -> "
                + IpAddress.ofBytes(Arrays.copyOfRange(packet, at + length, at + 2 * length));
    }

    /** The protocol behind all extension headers. */
    static int protocol(byte[] packet) {
        int[] place = place(packet);
        return place[0];
    }

    /** Where the transport header starts. */
    static int headerLength(byte[] packet) {
        return place(packet)[1];
    }

    /** Where the transport's checksum stands, or -1 when it has none or is not there. */
    static int checksumField(byte[] packet) {
        int[] place = place(packet);
        boolean ipv6 = isIpv6(packet);
        int offset = switch (place[0]) {
            case TCP -> 16;
            case UDP, UDP_LITE, DCCP -> 6;
            case ICMP -> ipv6 ? -1 : 2;
            case ICMPV6 -> ipv6 ? 2 : -1;
            default -> -1;
        };
        return offset < 0 || place[2] != 0 || place[1] + offset + 2 > packet.length ? -1 : place[1] + offset;
    }

    /** Protocol, start of the transport, and 1 for a fragment that does not hold it. */
    private static int[] place(byte[] packet) {
        ByteBuffer view = ByteBuffer.wrap(packet);
        if (!isIpv6(packet)) {
            int later = (view.getShort(6) & 0x1fff) == 0 ? 0 : 1;
            return new int[] {Byte.toUnsignedInt(packet[9]), (packet[0] & 0xf) * 4, later};
        }
        int protocol = packet[6];
        int at = 40;
        while (protocol == 0 || protocol == ROUTING || protocol == FRAGMENT || protocol == DESTINATION_OPTIONS) {
            if (protocol == FRAGMENT && (view.getShort(at + 2) & 0xfff8) != 0) {
                return new int[] {packet[at], at + 8, 1};
            }
            int length = protocol == FRAGMENT ? 8 : 8 + 8 * Byte.toUnsignedInt(packet[at + 1]);
            protocol = packet[at];
            at += length;
        }
        return new int[] {Byte.toUnsignedInt((byte) protocol), at, 0};
    }

    /** Sum over the transport and, except for ICMP in IPv4, the pseudo-header. UDP-Lite may cover less than everything. */
    private static int transportSum(byte[] packet) {
        int at = headerLength(packet);
        int length = packet.length - at;
        int protocol = protocol(packet);
        int covered = length;
        if (protocol == UDP_LITE) {
            int coverage = Short.toUnsignedInt(ByteBuffer.wrap(packet).getShort(at + 4));
            covered = coverage == 0 ? length : coverage;
        }
        int total = sum(packet, at, covered);
        return protocol == ICMP ? total : fold(total + pseudoSum(packet));
    }

    private static int pseudoSum(byte[] packet) {
        int addresses = isIpv6(packet) ? sum(packet, 8, 32) : sum(packet, 12, 8);
        return fold(addresses + protocol(packet) + packet.length - headerLength(packet));
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
