// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.route.DropReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Feeds the reader what a peer may send: anything. */
class PacketReaderTest {
    private static final Set<DropReason> REASONS =
            EnumSet.of(DropReason.MALFORMED, DropReason.HOP_LIMIT, DropReason.SOURCE_ROUTED, DropReason.LINK_SCOPED);

    private final PacketReader reader = new PacketReader();

    @Property(tries = 5000)
    void staysInsideAnyBytes(@ForAll @Size(max = 120) byte[] bytes, @ForAll boolean ipv6) {
        if (bytes.length > 0) {
            bytes[0] = (byte) ((ipv6 ? 0x60 : 0x40) | (bytes[0] & 0xf));
        }

        // A read outside the segment would throw.
        DropReason reason = read(bytes);

        assertThat(reason == null || bytes.length == 0 || REASONS.contains(reason))
                .isTrue();
    }

    @Property(tries = 5000)
    void staysInsideATruncatedError(@ForAll @Size(max = 60) byte[] quote) {
        byte[] packet = TestPackets.ipv4(TestPackets.ICMP, "10.0.0.1", "10.0.0.2", TestPackets.icmp(3, quote));

        DropReason reason = read(packet);

        assertThat(reason == null || reason == DropReason.MALFORMED).isTrue();
    }

    @Example
    void tellsWhatIsNoIp() {
        assertThat(read(new byte[0])).isEqualTo(DropReason.NOT_IP);
        assertThat(read(new byte[] {0x20, 0, 0, 0})).isEqualTo(DropReason.NOT_IP);
    }

    @Example
    void refusesALengthBeyondTheBytes() {
        byte[] packet = TestPackets.ipv4(TestPackets.UDP, "10.0.0.1", "10.0.0.2", TestPackets.udp(1, 2, new byte[8]));
        ByteBuffer.wrap(packet).putShort(2, (short) (packet.length + 1));

        assertThat(read(packet)).isEqualTo(DropReason.MALFORMED);
    }

    @Example
    void ignoresPadding() {
        byte[] packet = TestPackets.ipv4(TestPackets.UDP, "10.0.0.1", "10.0.0.2", TestPackets.udp(1, 2, new byte[5]));
        byte[] padded = Arrays.copyOf(packet, 48);

        assertThat(read(padded)).isNull();
        assertThat(reader.length()).isEqualTo(packet.length);
    }

    @Example
    void refusesAFirstFragmentThatHidesItsChecksum() {
        byte[] packet = TestPackets.ipv4(TestPackets.TCP, "10.0.0.1", "10.0.0.2", new byte[24], 0x2000);
        byte[] tiny = Arrays.copyOf(packet, 28);
        ByteBuffer.wrap(tiny).putShort(2, (short) 28);

        assertThat(read(tiny)).isEqualTo(DropReason.MALFORMED);
    }

    @Example
    void refusesAnIpv6FragmentThatHidesItsTransport() {
        byte[] options = TestPackets.extension(TestPackets.TCP, new byte[14], new byte[0]);
        byte[] first = TestPackets.fragment(TestPackets.DESTINATION_OPTIONS, 0, true, options);

        assertThat(read(ipv6(TestPackets.FRAGMENT, first))).isEqualTo(DropReason.MALFORMED);
    }

    @Example
    void refusesARouteThatIsNotAtItsEnd() {
        byte[] udp = TestPackets.udp(1, 2, new byte[4]);
        byte[] dead = TestPackets.extension(TestPackets.UDP, new byte[] {0, 0, 0, 0, 0, 0}, udp);
        byte[] onItsWay = TestPackets.extension(TestPackets.UDP, new byte[] {4, 1, 0, 0, 0, 0}, udp);
        byte[] arrived = TestPackets.extension(TestPackets.UDP, new byte[] {4, 0, 0, 0, 0, 0}, udp);

        assertThat(read(ipv6(TestPackets.ROUTING, dead))).isEqualTo(DropReason.SOURCE_ROUTED);
        assertThat(read(ipv6(TestPackets.ROUTING, onItsWay))).isEqualTo(DropReason.SOURCE_ROUTED);
        assertThat(read(ipv6(TestPackets.ROUTING, arrived))).isNull();
    }

    @Example
    void refusesAnIpv4SourceRoute() {
        byte[] plain = TestPackets.ipv4(TestPackets.UDP, "10.0.0.1", "10.0.0.2", TestPackets.udp(1, 2, new byte[12]));
        byte[] routed = plain.clone();
        routed[0] = 0x47;
        System.arraycopy(new byte[] {1, (byte) 131, 7, 4, 10, 0, 0, 9}, 0, routed, 20, 8);

        assertThat(read(routed)).isEqualTo(DropReason.SOURCE_ROUTED);
    }

    @Example
    void walksABoundedNumberOfExtensionHeaders() {
        byte[] packet = TestPackets.udp(1, 2, new byte[4]);
        int next = TestPackets.UDP;
        for (int count = 0; count < 7; count++) {
            packet = TestPackets.extension(next, new byte[] {1, 4, 0, 0, 0, 0}, packet);
            next = TestPackets.DESTINATION_OPTIONS;
        }

        assertThat(read(ipv6(next, packet))).isEqualTo(DropReason.MALFORMED);
    }

    @Property
    void keepsWhatMeansOneLink(@ForAll @IntRange(min = 133, max = 137) int type) {
        assertThat(read(ipv6(TestPackets.ICMPV6, TestPackets.icmp(type, new byte[16]))))
                .isEqualTo(DropReason.LINK_SCOPED);
        assertThat(read(TestPackets.ipv4(1, "10.0.0.1", "10.0.0.2", TestPackets.icmp(5, new byte[28]))))
                .isEqualTo(DropReason.LINK_SCOPED);
    }

    @Example
    void refusesAPacketWithoutHopsLeft() {
        byte[] ipv4 = TestPackets.ipv4(TestPackets.UDP, "10.0.0.1", "10.0.0.2", TestPackets.udp(1, 2, new byte[4]));
        ipv4[8] = 0;
        byte[] ipv6 = ipv6(TestPackets.UDP, TestPackets.udp(1, 2, new byte[4]));
        ipv6[7] = 0;

        assertThat(read(ipv4)).isEqualTo(DropReason.HOP_LIMIT);
        assertThat(read(ipv6)).isEqualTo(DropReason.HOP_LIMIT);
    }

    private static byte[] ipv6(int next, byte[] rest) {
        ByteBuffer packet = ByteBuffer.allocate(40 + rest.length);
        packet.putInt(0x6000_0000)
                .putShort((short) rest.length)
                .put((byte) next)
                .put((byte) 64);
        return packet.putLong(0xfd00_0010_0000_0000L)
                .putLong(1)
                .putLong(0xfd00_0010_0000_0000L)
                .putLong(2)
                .put(rest)
                .array();
    }

    private @Nullable DropReason read(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
            return reader.read(buffer.asSlice(0, bytes.length), 0, bytes.length);
        }
    }
}
