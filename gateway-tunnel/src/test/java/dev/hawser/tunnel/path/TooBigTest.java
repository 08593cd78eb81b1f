// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.Offload.Segmentation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeTry;

/** Reads the answers as their receiver does: checksums, addresses, the MTU they name and the packet they quote. */
class TooBigTest {
    private static final int AT = 64;
    private static final String FROM = "10.200.1.5";
    private static final String TO = "10.71.7.9";
    private static final String FROM6 = "fd00:10:200::1:5";
    private static final String TO6 = "fd71::7:9";

    private final Arena arena = Arena.ofAuto();
    private final Offload offload = new Offload();
    private final PacketReader reader = new PacketReader();
    private OffloadingDevice device = new OffloadingDevice();
    private TooBig answers = new TooBig(device, arena);

    @BeforeTry
    void startAfresh() {
        device = new OffloadingDevice();
        answers = new TooBig(device, arena);
    }

    @Property(tries = 200)
    void tellsTheSenderWhatThePathTakes(@ForAll @IntRange(min = 1300, max = 1420) int length, @ForAll boolean ipv6) {
        byte[] packet = packet(ipv6, length - (ipv6 ? 48 : 28));

        boolean tooBig = answers(packet, 1296, 0, 1);

        assertThat(tooBig).isTrue();
        byte[] answer = device.written().getFirst().packet();
        assertThat(TestPackets.isSound(answer)).isTrue();
        assertThat(TestPackets.addresses(answer)).isEqualTo(ipv6 ? TO6 + " -> " + FROM6 : TO + " -> " + FROM);
        int message = ipv6 ? 40 : 20;
        ByteBuffer view = ByteBuffer.wrap(answer);
        assertThat(view.getShort(message)).isEqualTo((short) (ipv6 ? 0x0200 : 0x0304));
        assertThat(view.getInt(message + 4)).isEqualTo(1296);
        assertThat(answer.length).isLessThanOrEqualTo(ipv6 ? 1280 : 576);
        byte[] quote = Arrays.copyOfRange(answer, message + 8, answer.length);
        assertThat(quote).isEqualTo(Arrays.copyOf(packet, quote.length));
    }

    @Example
    void letsIpv6HaveItsMinimum() {
        assertThat(answers(packet(true, 1280 - 48), 1200, 0, 1)).isFalse();
        assertThat(answers(packet(false, 1280 - 28), 1200, 0, 1)).isTrue();
    }

    @Example
    void measuresThePiecesOfASuperPacket() {
        byte[] packet =
                TestPackets.ipv4(TestPackets.TCP, "10.0.0.1", "10.0.0.2", TestPackets.tcp(1, 2, new byte[9000]));
        offload.segments(Segmentation.TCP4, 0, 1240);

        assertThat(answers(packet, 1280, 0, 1)).isFalse();
        assertThat(answers(packet, 1279, 0, 1)).isTrue();
        assertThat(device.written().getFirst().packet()).hasSize(576);
    }

    @Example
    void answersABurstAndThenAtItsPace() {
        byte[] packet = packet(false, 1372);

        answers(packet, 1280, 0, 200);
        assertThat(device.written()).hasSize(50);
        answers(packet, 1280, TimeUnit.MILLISECONDS.toNanos(105), 200);
        assertThat(device.written()).hasSize(60);
        answers(packet, 1280, TimeUnit.SECONDS.toNanos(20), 200);
        assertThat(device.written()).hasSize(110);
    }

    @Example
    void answersNoErrorAndNoLaterFragment() {
        byte[] error =
                TestPackets.ipv4(TestPackets.ICMP, "10.0.0.1", "10.0.0.2", TestPackets.icmp(3, packet(false, 1372)));
        byte[] later = TestPackets.ipv4(TestPackets.UDP, "10.0.0.1", "10.0.0.2", new byte[1380], 0x2010);

        assertThat(answers(error, 1280, 0, 1)).isTrue();
        assertThat(answers(later, 1280, 0, 1)).isTrue();
        assertThat(device.written()).isEmpty();
    }

    private static byte[] packet(boolean ipv6, int payload) {
        return TestPackets.ip(
                TestPackets.UDP, ipv6 ? FROM6 : FROM, ipv6 ? TO6 : TO, TestPackets.udp(1000, 2000, new byte[payload]));
    }

    private boolean answers(byte[] packet, int pathMtu, long now, int times) {
        MemorySegment buffer = arena.allocate(AT + (long) packet.length);
        MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, AT, packet.length);
        assertThat(reader.read(buffer, AT, packet.length)).isNull();
        if (!TooBig.isTooBig(buffer, reader, offload, pathMtu)) {
            return false;
        }
        for (int i = 0; i < times; i++) {
            answers.answer(buffer, reader, pathMtu, now);
        }
        return true;
    }
}
