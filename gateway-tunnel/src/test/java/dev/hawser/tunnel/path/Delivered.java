// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.route.Exposure;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;

/** What must hold for everything that a gateway of {@link LoopPair} writes, whatever a peer sent. */
final class Delivered {
    private static final List<Cidr> FROM =
            LoopPair.A_AT_B.stream().map(remap -> remap.to()).toList();

    private static final List<Cidr> TO = Stream.of(
                    LoopPair.PODS.stream(),
                    LoopPair.EXTERNALS.stream().map(cidr -> Cidr.host(cidr.firstUsable())),
                    LoopPair.EXPOSURES.stream().map(Exposure::local).map(Cidr::host))
            .flatMap(each -> each)
            .toList();

    private Delivered() {}

    /** Read again, it is a packet, from the peer as it is called here, to something that is open to it. */
    static void check(byte[] packet) {
        PacketReader reader = new PacketReader();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(packet.length);
            MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, 0, packet.length);
            assertThat(reader.read(buffer, 0, packet.length)).isNull();
        }
        assertThat(reader.length()).isEqualTo(packet.length);
        IpAddress source = new IpAddress(
                reader.headers().family(),
                reader.headers().sourceHigh(),
                reader.headers().sourceLow());
        IpAddress destination = new IpAddress(
                reader.headers().family(),
                reader.headers().destinationHigh(),
                reader.headers().destinationLow());
        assertThat(FROM).anyMatch(cidr -> cidr.contains(source));
        assertThat(TO).anyMatch(cidr -> cidr.contains(destination));
    }

    /** Whether a packet could be judged by its checksums, and they are right. */
    static boolean isSound(byte[] packet) {
        try {
            return packet.length >= 20 && declaredLength(packet) == packet.length && TestPackets.isSound(packet);
        } catch (IndexOutOfBoundsException | BufferUnderflowException beyondItsEnd) {
            return false;
        }
    }

    private static int declaredLength(byte[] packet) {
        ByteBuffer view = ByteBuffer.wrap(packet);
        return TestPackets.isIpv6(packet)
                ? 40 + Short.toUnsignedInt(view.getShort(4))
                : Short.toUnsignedInt(view.getShort(2));
    }
}
