// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A packet that can be built between any two addresses, every time with the same content and every checksum summed from scratch. Built
 * once as it is sent and once as it must arrive, it tells what a translation has to do.
 *
 * @param kind what it is
 * @param family of its addresses
 * @param wrapping what stands between IP header and transport
 * @param seed decides on ports, payload and lengths
 */
record PacketSpec(Kind kind, Family family, Wrapping wrapping, long seed) {
    enum Kind {
        TCP,
        UDP,
        UDP_WITHOUT_CHECKSUM,
        UDP_LITE,
        DCCP,
        SCTP,
        GRE,
        ESP,
        ECHO,
        ERROR_ABOUT_TCP,
        ERROR_ABOUT_UDP,
        ERROR_ABOUT_UDP_WITHOUT_CHECKSUM,
        ERROR_ABOUT_ECHO,
        ERROR_ABOUT_SCTP
    }

    /** What stands between IP header and transport: options or extension headers, and whether it goes in fragments. */
    enum Wrapping {
        NONE,
        OPTIONS,
        FRAGMENTS,
        OPTIONS_AND_FRAGMENTS
    }

    private static final int FRAGMENT_BYTES = 48;

    boolean isError() {
        return kind.name().startsWith("ERROR");
    }

    boolean isFragmented() {
        return wrapping == Wrapping.FRAGMENTS || wrapping == Wrapping.OPTIONS_AND_FRAGMENTS;
    }

    /** The packet, or its fragments. */
    List<byte[]> build(IpAddress source, IpAddress destination, IpAddress quotedSource, IpAddress quotedDestination) {
        Random random = new Random(seed);
        byte[] transport = isError()
                ? error(random, quotedSource, quotedDestination)
                : transport(kind, random, random.nextInt(isFragmented() ? 200 : 70));
        boolean options = wrapping == Wrapping.OPTIONS || wrapping == Wrapping.OPTIONS_AND_FRAGMENTS;
        byte[] whole = ip(kind, source, destination, transport, options ? random : null);
        byte[] finished = withoutChecksum(kind, whole);
        return isFragmented() ? fragments(finished) : List.of(finished);
    }

    private byte[] error(Random random, IpAddress from, IpAddress to) {
        Kind about = switch (kind) {
            case ERROR_ABOUT_TCP -> Kind.TCP;
            case ERROR_ABOUT_UDP -> Kind.UDP;
            case ERROR_ABOUT_ECHO -> Kind.ECHO;
            case ERROR_ABOUT_SCTP -> Kind.SCTP;
            default -> Kind.UDP_WITHOUT_CHECKSUM;
        };
        byte[] inner = transport(about, random, random.nextInt(60));
        byte[] whole = withoutChecksum(about, ip(about, from, to, inner, random.nextBoolean() ? random : null));
        int header = TestPackets.headerLength(whole);
        int quoted = random.nextBoolean() ? whole.length : header + random.nextInt(whole.length - header + 1);
        // Half a checksum cannot be followed: nobody knows the other half.
        quoted += quoted == TestPackets.checksumField(whole) + 1 ? 1 : 0;
        int[] types = family == Family.IPV4 ? new int[] {3, 4, 11, 12} : new int[] {1, 2, 3, 4};
        byte[] message = TestPackets.icmp(types[random.nextInt(4)], Arrays.copyOf(whole, quoted));
        ByteBuffer.wrap(message).putInt(4, random.nextInt());
        return message;
    }

    private int protocol(Kind of) {
        return switch (of) {
            case TCP -> 6;
            case UDP, UDP_WITHOUT_CHECKSUM -> 17;
            case UDP_LITE -> 136;
            case DCCP -> 33;
            case SCTP -> 132;
            case GRE -> 47;
            case ESP -> 50;
            default -> family == Family.IPV4 ? TestPackets.ICMP : TestPackets.ICMPV6;
        };
    }

    private byte[] transport(Kind of, Random random, int length) {
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        int from = random.nextInt(1 << 16);
        int to = random.nextInt(1 << 16);
        return switch (of) {
            case TCP -> TestPackets.tcp(from, to, payload);
            case UDP, UDP_WITHOUT_CHECKSUM, DCCP -> TestPackets.udp(from, to, payload);
            case UDP_LITE -> {
                byte[] datagram = TestPackets.udp(from, to, payload);
                int coverage = random.nextBoolean() ? 0 : 8 + random.nextInt(length + 1);
                ByteBuffer.wrap(datagram).putShort(4, (short) coverage);
                yield datagram;
            }
            case SCTP, GRE, ESP -> {
                byte[] bytes = Arrays.copyOf(payload, length + 12);
                ByteBuffer.wrap(bytes).putInt(0, from << 16 | to);
                yield bytes;
            }
            default -> TestPackets.icmp(family == Family.IPV4 ? 8 : 128, payload);
        };
    }

    private byte[] withoutChecksum(Kind of, byte[] packet) {
        if (of == Kind.UDP_WITHOUT_CHECKSUM) {
            ByteBuffer.wrap(packet).putShort(TestPackets.headerLength(packet) + 6, (short) 0);
        }
        return packet;
    }

    // Record route with room for an address, an unknown option, then the end.
    private static byte[] options(Random random) {
        return new byte[] {7, 7, 4, (byte) random.nextInt(), 1, 2, 3, 1, (byte) 0x94, 4, 0, 0, 0, 1, 2, 3};
    }

    private byte[] ip(Kind of, IpAddress from, IpAddress to, byte[] transport, @Nullable Random options) {
        return family == Family.IPV4
                ? ipv4(protocol(of), from, to, transport, options == null ? new byte[0] : options(options))
                : ipv6(protocol(of), from, to, transport, options);
    }

    private static byte[] ipv4(int protocol, IpAddress from, IpAddress to, byte[] transport, byte[] options) {
        byte[] plain = TestPackets.ipv4(protocol, from.toString(), to.toString(), transport);
        byte[] packet = Arrays.copyOf(plain, plain.length + options.length);
        System.arraycopy(options, 0, packet, 20, options.length);
        System.arraycopy(transport, 0, packet, 20 + options.length, transport.length);
        packet[0] = (byte) (0x45 + options.length / 4);
        ByteBuffer.wrap(packet).putShort(2, (short) packet.length);
        TestPackets.complete(packet);
        return packet;
    }

    private byte[] ipv6(int protocol, IpAddress from, IpAddress to, byte[] transport, @Nullable Random options) {
        if (options == null) {
            return TestPackets.ipv6(protocol, from.toString(), to.toString(), transport);
        }
        byte[] padding = {1, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
        byte[] last = TestPackets.extension(protocol, padding, transport);
        if (isFragmented()) {
            // The headers before it stay in front of a fragment header; these are none.
            return TestPackets.ipv6(TestPackets.DESTINATION_OPTIONS, from.toString(), to.toString(), last);
        }
        byte[] arrived = {(byte) (2 + options.nextInt(3)), 0, 0, 0, 0, 0};
        byte[] routed = TestPackets.extension(TestPackets.DESTINATION_OPTIONS, arrived, last);
        byte[] first = TestPackets.extension(TestPackets.ROUTING, padding, routed);
        return TestPackets.ipv6(0, from.toString(), to.toString(), first);
    }

    private List<byte[]> fragments(byte[] whole) {
        int start = family == Family.IPV4 ? TestPackets.headerLength(whole) : 40;
        List<byte[]> fragments = new ArrayList<>();
        int step = FRAGMENT_BYTES + (family == Family.IPV4 ? 0 : 48);
        for (int at = start; at < whole.length; at += step) {
            byte[] part = Arrays.copyOfRange(whole, at, Math.min(whole.length, at + step));
            boolean more = at + step < whole.length;
            int offset = (at - start) / 8;
            fragments.add(
                    family == Family.IPV4
                            ? ipv4Fragment(whole, start, part, offset, more)
                            : ipv6Fragment(whole, part, offset, more));
        }
        return fragments;
    }

    private static byte[] ipv4Fragment(byte[] whole, int start, byte[] part, int offset, boolean more) {
        byte[] packet = Arrays.copyOf(whole, start + part.length);
        System.arraycopy(part, 0, packet, start, part.length);
        ByteBuffer view = ByteBuffer.wrap(packet);
        view.putShort(2, (short) packet.length).putShort(6, (short) (offset | (more ? 0x2000 : 0)));
        TestPackets.completeHeader(packet);
        return packet;
    }

    private static byte[] ipv6Fragment(byte[] whole, byte[] part, int offset, boolean more) {
        byte[] rest = TestPackets.fragment(whole[6], offset, more, part);
        byte[] packet = Arrays.copyOf(whole, 40 + rest.length);
        System.arraycopy(rest, 0, packet, 40, rest.length);
        packet[6] = TestPackets.FRAGMENT;
        ByteBuffer.wrap(packet).putShort(4, (short) rest.length);
        return packet;
    }
}
