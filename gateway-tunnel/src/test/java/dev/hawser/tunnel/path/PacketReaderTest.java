// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.route.DropReason;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/** Feeds the reader what a peer may send: anything. */
class PacketReaderTest {
    private final PacketReader reader = new PacketReader();

    @Property(tries = 5000)
    void staysInsideAnyBytes(@ForAll @Size(max = 80) byte[] bytes) {
        if (bytes.length > 0) {
            bytes[0] = (byte) (0x40 | (bytes[0] & 0xf));
        }

        // A read outside the segment would throw.
        DropReason reason = read(bytes);

        assertThat(reason == null || reason == DropReason.MALFORMED || bytes.length == 0)
                .isTrue();
    }

    @Property(tries = 5000)
    void staysInsideATruncatedError(@ForAll @Size(max = 60) byte[] quote) {
        byte[] packet = TestPackets.ipv4(TestPackets.ICMP, "10.0.0.1", "10.0.0.2", TestPackets.icmp(3, quote));

        DropReason reason = read(packet);

        assertThat(reason == null || reason == DropReason.MALFORMED).isTrue();
    }

    @Example
    void tellsWhatIsNoIpv4() {
        assertThat(read(new byte[0])).isEqualTo(DropReason.NOT_IP);
        assertThat(read(new byte[] {0x20, 0, 0, 0})).isEqualTo(DropReason.NOT_IP);
        assertThat(read(new byte[] {0x60, 0, 0, 0})).isEqualTo(DropReason.UNSUPPORTED_FAMILY);
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

    private @Nullable DropReason read(byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(Math.max(1, bytes.length));
            MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
            return reader.read(buffer.asSlice(0, bytes.length), 0, bytes.length);
        }
    }
}
