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
    private static final String FROM6 = "fd00:10:200::1:5";
    private static final String TO6 = "fd00:10:200::7:9";
    private static final int PSH_ACK = 0x18;
    private static final int FIN_PSH_ACK = 0x19;

    @Property(tries = 200)
    void cutsTcpIntoSoundSegments(
            @ForAll @IntRange(min = 1, max = 60_000) int length,
            @ForAll @IntRange(min = 88, max = 1380) int size,
            @ForAll boolean ipv6) {
        byte[] payload = payload(length);
        int ip = ipv6 ? 40 : 20;

        List<byte[]> segments = cut(tcp(ipv6, 1, FIN_PSH_ACK, payload), size);

        assertThat(segments).hasSize(Math.ceilDiv(length, size)).allMatch(TestPackets::isSound);
        assertThat(payloads(segments, ip + 20)).isEqualTo(payload);
        for (int i = 0; i < segments.size(); i++) {
            boolean last = i == segments.size() - 1;
            ByteBuffer segment = ByteBuffer.wrap(segments.get(i));
            assertThat(segment.getInt(ip + 4)).isEqualTo(1 + i * size);
            assertThat(ipv6 || segment.getShort(4) == (short) (7 + i)).isTrue();
            assertThat((int) segment.get(ip + 13)).isEqualTo(last ? FIN_PSH_ACK : Transports.ACK);
            assertThat(last || segment.capacity() == ip + 20 + size).isTrue();
        }
    }

    @Example
    void repeatsExtensionHeadersInEverySegment() {
        byte[] segment = TestPackets.tcp(4000, 80, payload(3000));
        byte[] options = TestPackets.extension(TestPackets.TCP, new byte[] {1, 4, 0, 0, 0, 0}, segment);
        byte[] whole = TestPackets.ipv6(TestPackets.DESTINATION_OPTIONS, FROM6, TO6, options);

        List<byte[]> segments = cut(whole, 1000);

        assertThat(segments).hasSize(3).allMatch(TestPackets::isSound);
        assertThat(payloads(segments, 68)).isEqualTo(payload(3000));
    }

    @Property(tries = 100)
    void cutsUdpIntoSoundDatagrams(
            @ForAll @IntRange(min = 1, max = 20_000) int length,
            @ForAll @IntRange(min = 88, max = 1392) int size,
            @ForAll boolean ipv6) {
        byte[] payload = payload(length);
        int ip = ipv6 ? 40 : 20;

        List<byte[]> datagrams = cut(udp(ipv6, payload), size);

        assertThat(datagrams).hasSize(Math.ceilDiv(length, size)).allMatch(TestPackets::isSound);
        assertThat(payloads(datagrams, ip + 8)).isEqualTo(payload);
        assertThat(datagrams).allMatch(bytes -> ByteBuffer.wrap(bytes).getShort(ip + 4) == bytes.length - ip);
    }

    @Property(tries = 200)
    void joinsDatagramsThatWereCut(
            @ForAll @IntRange(min = 1, max = 20_000) int length,
            @ForAll @IntRange(min = 400, max = 1392) int size,
            @ForAll boolean ipv6) {
        byte[] whole = udp(ipv6, payload(length));

        List<byte[]> datagrams = cut(whole, size);
        List<OffloadingDevice.Written> written = join(datagrams);

        assertThat(written).hasSize(1);
        assertThat(written.getFirst().packet()).isEqualTo(whole);
        assertThat(written.getFirst().segmentSize()).isEqualTo(datagrams.size() == 1 ? 0 : size);
    }

    @Example
    void joinsNoMoreDatagramsThanTheKernelTakes() {
        List<byte[]> datagrams = cut(udp(true, payload(6500)), 100);

        List<OffloadingDevice.Written> written = join(datagrams);

        assertThat(written).extracting(each -> each.packet().length).containsExactly(48 + 6400, 48 + 100);
    }

    @Example
    void joinsNoDatagramWithoutChecksum() {
        byte[] datagram = udp(false, payload(100));
        ByteBuffer.wrap(datagram).putShort(26, (short) 0);

        List<OffloadingDevice.Written> written = join(List.of(datagram, datagram));

        assertThat(written).extracting(OffloadingDevice.Written::packet).containsExactly(datagram, datagram);
    }

    @Example
    void joinsNothingOfTwoFamilies() {
        byte[] ipv4 = tcp(false, 1, 0x10, payload(100));
        byte[] ipv6 = tcp(true, 101, 0x10, payload(100));

        List<OffloadingDevice.Written> written = join(List.of(ipv4, ipv6));

        assertThat(written).extracting(OffloadingDevice.Written::packet).containsExactly(ipv4, ipv6);
    }

    @Property(tries = 200)
    void joinsWhatWasCut(
            @ForAll @IntRange(min = 1, max = 60_000) int length,
            @ForAll @IntRange(min = 88, max = 1380) int size,
            @ForAll boolean ipv6) {
        byte[] whole = tcp(ipv6, 1, PSH_ACK, payload(length));

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

    /** Cut again by the kernel, what was joined is what came, but for the numbers of IPv4 packets that are never put together. */
    @Property(tries = 500)
    void leavesNoTraceOfJoining(@ForAll long seed) {
        Random random = new Random(seed);
        List<byte[]> came = new ArrayList<>();
        int[] sequences = new int[2];
        boolean ipv6 = random.nextBoolean();
        boolean tcp = random.nextBoolean();
        for (int i = 0; i < 60; i++) {
            // Mostly one flow goes on, so that there is something to join.
            ipv6 = random.nextInt(8) == 0 ? random.nextBoolean() : ipv6;
            tcp = random.nextInt(8) == 0 ? random.nextBoolean() : tcp;
            byte[] payload = payload(random.nextInt(5) == 0 ? random.nextInt(300) : 200);
            if (tcp) {
                int flow = ipv6 ? 1 : 0;
                came.add(tcp(ipv6, sequences[flow], random.nextInt(9) == 0 ? PSH_ACK : Transports.ACK, payload));
                sequences[flow] += payload.length + (random.nextInt(20) == 0 ? 1 : 0);
            } else {
                came.add(udp(ipv6, payload));
            }
        }

        List<byte[]> cut = new ArrayList<>();
        for (OffloadingDevice.Written written : join(came)) {
            cut.addAll(
                    written.segmentSize() == 0
                            ? List.of(written.packet())
                            : cut(written.packet(), written.segmentSize()));
        }

        assertThat(cut).usingElementComparator(Arrays::compare).hasSameSizeAs(came);
        for (int i = 0; i < came.size(); i++) {
            assertThat(withoutNumber(cut.get(i))).isEqualTo(withoutNumber(came.get(i)));
        }
    }

    private static byte[] withoutNumber(byte[] packet) {
        byte[] result = packet.clone();
        if (!TestPackets.isIpv6(packet)) {
            ByteBuffer.wrap(result).putShort(4, (short) 0);
            TestPackets.completeHeader(result);
        }
        return result;
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
        return tcp(false, sequence, flags, payload);
    }

    private static byte[] tcp(boolean ipv6, int sequence, int flags, byte[] payload) {
        byte[] segment = TestPackets.tcp(4000, 80, payload);
        ByteBuffer.wrap(segment).putInt(4, sequence).put(13, (byte) flags);
        return TestPackets.ip(TestPackets.TCP, ipv6 ? FROM6 : FROM, ipv6 ? TO6 : TO, segment);
    }

    private static byte[] udp(boolean ipv6, byte[] payload) {
        byte[] datagram = TestPackets.udp(1000, 2000, payload);
        byte[] packet = TestPackets.ip(TestPackets.UDP, ipv6 ? FROM6 : FROM, ipv6 ? TO6 : TO, datagram);
        if (!ipv6) {
            ByteBuffer.wrap(packet).putShort(6, (short) 0x4000);
            TestPackets.complete(packet);
        }
        return packet;
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
            boolean tcp = TestPackets.protocol(whole) == TestPackets.TCP;
            offload.segments(tcp ? Segmentation.TCP4 : Segmentation.UDP, 0, size);
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
            PacketJoiner joiner = new PacketJoiner(List.of(device), arena);
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
