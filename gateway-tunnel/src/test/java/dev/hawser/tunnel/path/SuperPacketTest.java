// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.Offload.Segmentation;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Cuts super-packets and joins the pieces again; every piece is checked by full recomputation. */
class SuperPacketTest {
    private static final String FROM = "10.200.1.5";
    private static final String TO = "10.200.7.9";
    private static final int TCP_HEADERS = 40;
    private static final int UDP_HEADERS = 28;
    private static final int PSH_ACK = 0x18;
    private static final int FIN_PSH_ACK = 0x19;

    @Property(tries = 200)
    void cutsTcpIntoSoundSegments(
            @ForAll @IntRange(min = 1, max = 60_000) int length, @ForAll @IntRange(min = 88, max = 1380) int size) {
        byte[] payload = payload(length);

        List<byte[]> segments = cut(tcp(1, FIN_PSH_ACK, payload), size);

        assertThat(segments).hasSize(Math.ceilDiv(length, size)).allMatch(TestPackets::isSound);
        assertThat(payloads(segments, TCP_HEADERS)).isEqualTo(payload);
        for (int i = 0; i < segments.size(); i++) {
            boolean last = i == segments.size() - 1;
            ByteBuffer segment = ByteBuffer.wrap(segments.get(i));
            assertThat(segment.getInt(24)).isEqualTo(1 + i * size);
            assertThat(segment.getShort(4)).isEqualTo((short) (7 + i));
            assertThat((int) segment.get(33)).isEqualTo(last ? FIN_PSH_ACK : Transports.ACK);
            assertThat(last || segment.capacity() == TCP_HEADERS + size).isTrue();
        }
    }

    @Property(tries = 100)
    void cutsUdpIntoSoundDatagrams(
            @ForAll @IntRange(min = 1, max = 20_000) int length, @ForAll @IntRange(min = 88, max = 1392) int size) {
        byte[] payload = payload(length);

        List<byte[]> datagrams = cut(TestPackets.ipv4(17, FROM, TO, TestPackets.udp(1000, 2000, payload)), size);

        assertThat(datagrams).hasSize(Math.ceilDiv(length, size)).allMatch(TestPackets::isSound);
        assertThat(payloads(datagrams, UDP_HEADERS)).isEqualTo(payload);
        assertThat(datagrams).allMatch(bytes -> ByteBuffer.wrap(bytes).getShort(24) == bytes.length - 20);
    }

    @Property(tries = 200)
    void joinsWhatWasCut(
            @ForAll @IntRange(min = 1, max = 60_000) int length, @ForAll @IntRange(min = 88, max = 1380) int size) {
        byte[] whole = tcp(1, PSH_ACK, payload(length));

        List<byte[]> segments = cut(whole, size);
        OffloadingDevice device = new OffloadingDevice();
        PathCounters counters = new PathCounters();
        join(segments, device, counters);

        assertThat(device.written()).hasSize(1);
        byte[] joined = device.written().getFirst().packet();
        assertThat(TestPackets.isSound(joined)).isTrue();
        assertThat(joined).isEqualTo(whole);
        assertThat(device.written().getFirst().segmentSize()).isEqualTo(segments.size() == 1 ? 0 : size);
        assertThat(counters.packets()).isEqualTo(segments.size());
        assertThat(counters.bytes())
                .isEqualTo(segments.stream().mapToInt(bytes -> bytes.length).sum());
    }

    @Example
    void joinsNothingAcrossAGap() {
        List<OffloadingDevice.Written> written =
                join(List.of(tcp(1, 0x10, payload(100)), tcp(201, 0x10, payload(100))));

        assertThat(written).hasSize(2).allMatch(each -> each.segmentSize() == 0);
    }

    @Example
    void joinsNothingOfTwoConnections() {
        byte[] one = tcp(1, 0x10, payload(100));
        byte[] other = tcp(101, 0x10, payload(100));
        ByteBuffer.wrap(other).putShort(20, (short) 4001);
        TestPackets.completeTransport(other);

        List<OffloadingDevice.Written> written = join(List.of(one, other));

        assertThat(written).extracting(OffloadingDevice.Written::packet).containsExactly(one, other);
    }

    @Example
    void endsWithAShorterSegment() {
        List<OffloadingDevice.Written> written =
                join(List.of(tcp(1, 0x10, payload(100)), tcp(101, 0x10, payload(50)), tcp(151, 0x10, payload(100))));

        assertThat(written).hasSize(2);
        assertThat(written.getFirst().segmentSize()).isEqualTo(100);
    }

    @Example
    void keepsTheOrderAroundWhatCannotBeJoined() {
        byte[] ack = tcp(101, 0x10, new byte[0]);
        byte[] datagram = TestPackets.ipv4(17, FROM, TO, TestPackets.udp(1, 2, payload(10)));
        byte[] data = tcp(1, 0x10, payload(100));

        List<OffloadingDevice.Written> written = join(List.of(data, ack, datagram, data));

        assertThat(written).extracting(OffloadingDevice.Written::packet).containsExactly(data, ack, datagram, data);
    }

    @Property(tries = 300)
    void sumsAnyRangeLikeTheOracle(@ForAll @IntRange(max = 64) int from, @ForAll @IntRange(max = 64) int length) {
        byte[] bytes = payload(from + length);
        long expected = 0;
        for (int i = 0; i < length; i++) {
            int value = Byte.toUnsignedInt(bytes[from + i]);
            expected += (i & 1) == 0 ? value << 8 : value;
        }
        while (expected > 0xffff) {
            expected = (expected & 0xffff) + (expected >>> 16);
        }

        assertThat(InternetChecksum.sum(MemorySegment.ofArray(bytes), from, from + length))
                .isEqualTo((int) expected);
    }

    private static byte[] tcp(int sequence, int flags, byte[] payload) {
        byte[] segment = TestPackets.tcp(4000, 80, payload);
        ByteBuffer.wrap(segment).putInt(4, sequence).put(13, (byte) flags);
        return TestPackets.ipv4(6, FROM, TO, segment);
    }

    private static byte[] payload(int length) {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        return payload;
    }

    private static List<byte[]> cut(byte[] whole, int size) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = copy(whole, arena);
            PacketReader reader = new PacketReader();
            assertThat(reader.read(buffer, 64, whole.length)).isNull();
            Offload offload = new Offload();
            offload.segments(whole[9] == 6 ? Segmentation.TCP4 : Segmentation.UDP, 0, size);
            PacketCutter cutter = new PacketCutter(buffer, arena);
            assertThat(cutter.begin(reader, offload)).isTrue();
            List<byte[]> packets = new ArrayList<>();
            while (cutter.next()) {
                packets.add(buffer.asSlice(cutter.offset(), cutter.length()).toArray(ValueLayout.JAVA_BYTE));
            }
            return packets;
        }
    }

    private static List<OffloadingDevice.Written> join(List<byte[]> packets) {
        OffloadingDevice device = new OffloadingDevice();
        join(packets, device, new PathCounters());
        return device.written();
    }

    private static void join(List<byte[]> packets, OffloadingDevice device, PathCounters counters) {
        try (Arena arena = Arena.ofConfined()) {
            PacketJoiner joiner = new PacketJoiner(device, arena);
            PacketReader reader = new PacketReader();
            for (byte[] packet : packets) {
                MemorySegment buffer = copy(packet, arena);
                assertThat(reader.read(buffer, 64, packet.length)).isNull();
                joiner.accept(buffer, reader, counters);
            }
            joiner.flush();
        }
    }

    private static MemorySegment copy(byte[] packet, Arena arena) {
        MemorySegment buffer = arena.allocate(64L + packet.length + 32);
        MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, 64, packet.length);
        return buffer;
    }

    private static byte[] payloads(List<byte[]> packets, int headers) {
        byte[] all = new byte
                [packets.stream().mapToInt(packet -> packet.length - headers).sum()];
        int at = 0;
        for (byte[] packet : packets) {
            byte[] payload = Arrays.copyOfRange(packet, headers, packet.length);
            System.arraycopy(payload, 0, all, at, payload.length);
            at += payload.length;
        }
        return all;
    }
}
