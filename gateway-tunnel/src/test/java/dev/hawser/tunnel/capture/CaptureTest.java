// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.capture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.OpeningKey;
import dev.hawser.tunnel.crypto.SealingKey;
import dev.hawser.tunnel.crypto.jce.SunJceAead;
import dev.hawser.tunnel.memory.MemoryPacketDevice;
import dev.hawser.tunnel.path.TestPackets;
import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.PacketDevice;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CaptureTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.000000678Z");
    private static final int TAG = 16;

    /** A record of a file. */
    private record Seen(long seconds, int nanos, int whole, String bytes) {}

    @TempDir
    private Path folder;

    @Test
    void keepsWhatTheDeviceGivesAndTakes() throws Exception {
        byte[] out = packet("10.200.1.5", "10.71.7.9");
        byte[] in = packet("10.71.7.9", "10.200.1.5");
        MemoryPacketDevice kernel = new MemoryPacketDevice("a", 1420);
        try (Capture capture = start(Capture.HEADERS);
                Arena arena = Arena.ofConfined()) {
            PacketDevice device = capture.around(kernel);
            MemorySegment buffer = arena.allocate(2000);
            kernel.send(out);
            assertThat(device.read(buffer, 64, new Offload())).isEqualTo(out.length);
            assertThat(device.read(buffer, 64, new Offload()))
                    .as("nothing is waiting")
                    .isZero();
            MemorySegment.copy(in, 0, buffer, ValueLayout.JAVA_BYTE, 64, in.length);
            assertThat(device.write(buffer, 64, in.length, new Offload())).isTrue();
        }

        List<Seen> seen = read("local.pcap");
        assertThat(seen).extracting(Seen::bytes).containsExactly(hex(out), hex(in));
        assertThat(seen.getFirst().seconds()).isEqualTo(NOW.getEpochSecond());
        assertThat(seen.getFirst().nanos()).isEqualTo(678);
        assertThat(kernel.take(0)).as("it is written all the same").isEqualTo(in);
    }

    @Test
    void keepsWhatIsSealedAndWhatIsAuthenticWithoutPaddingAndKeepalives() throws Exception {
        byte[] packet = packet("10.200.1.5", "10.200.7.9");
        int padded = (packet.length + 15) / 16 * 16;
        try (Capture capture = start(Capture.HEADERS);
                Arena arena = Arena.ofConfined()) {
            AeadProvider aead = capture.around(new SunJceAead());
            MemorySegment buffer = arena.allocate(2000);
            MemorySegment sealed = arena.allocate(2000);
            MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, 0, packet.length);
            try (SealingKey sealing = aead.sealing(new byte[32]);
                    OpeningKey opening = aead.opening(new byte[32])) {
                sealing.seal(0, buffer, 0, padded, sealed, 0);
                sealing.seal(1, buffer, 0, 0, sealed, 1000);
                assertThat(opening.open(0, sealed, 0, padded + TAG, buffer, 0)).isTrue();
                assertThat(opening.open(9, sealed, 0, padded + TAG, buffer, 0))
                        .as("another counter: forged")
                        .isFalse();
            }
            assertThat(aead.name()).isEqualTo("sunjce");
        }

        assertThat(read("tunnel.pcap")).extracting(Seen::bytes).containsExactly(hex(packet), hex(packet));
    }

    @Test
    void keepsTheFirstBytesOnlyAndSaysHowManyThereWere() throws Exception {
        byte[] packet = packet("10.200.1.5", "10.71.7.9");
        try (PacketFile file = new PacketFile(folder.resolve("x.pcap"), 1_000_000, 40, () -> NOW);
                Arena arena = Arena.ofConfined()) {
            file.add(arena.allocateFrom(ValueLayout.JAVA_BYTE, packet), 0, packet.length);
        }

        Seen seen = read("x.pcap").getFirst();
        assertThat(seen.bytes()).isEqualTo(hex(Arrays.copyOf(packet, 40)));
        assertThat(seen.whole()).isEqualTo(packet.length);
    }

    @Test
    void neverGrowsBeyondItsBoundAndKeepsTheNewest() throws Exception {
        int bound = 100_000;
        int packets = 5_000;
        try (PacketFile file = new PacketFile(folder.resolve("x.pcap"), bound, 128, () -> NOW);
                Arena arena = Arena.ofConfined()) {
            MemorySegment packet = arena.allocate(64);
            for (int i = 0; i < packets; i++) {
                packet.set(ValueLayout.JAVA_INT_UNALIGNED, 0, i);
                file.add(packet, 0, 64);
            }
        }

        assertThat(Files.size(folder.resolve("x.pcap")) + Files.size(folder.resolve("x.pcap.1")))
                .isBetween(bound / 2L, (long) bound);
        List<Seen> all = new ArrayList<>(read("x.pcap.1"));
        all.addAll(read("x.pcap"));
        int first = number(all.getFirst());
        for (int i = 0; i < all.size(); i++) {
            assertThat(number(all.get(i))).isEqualTo(first + i);
        }
        assertThat(number(all.getLast())).isEqualTo(packets - 1);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private static int number(Seen seen) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(seen.bytes()))
                .order(ByteOrder.nativeOrder())
                .getInt();
    }

    private Capture start(int kept) throws IOException {
        return Capture.start(folder, 1_000_000, kept, () -> NOW);
    }

    private static byte[] packet(String from, String to) {
        return TestPackets.ipv4(17, from, to, TestPackets.udp(4000, 80, new byte[37]));
    }

    private List<Seen> read(String name) throws IOException {
        ByteBuffer file =
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name))).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(file.getInt()).isEqualTo(0xa1b2_3c4d);
        assertThat(file.getInt()).as("version 2.4").isEqualTo(0x4_0002);
        file.position(20);
        assertThat(file.getInt()).as("raw IP").isEqualTo(101);
        List<Seen> seen = new ArrayList<>();
        while (file.hasRemaining()) {
            long seconds = Integer.toUnsignedLong(file.getInt());
            int nanos = file.getInt();
            byte[] bytes = new byte[file.getInt()];
            int whole = file.getInt();
            file.get(bytes);
            seen.add(new Seen(seconds, nanos, whole, hex(bytes)));
        }
        return seen;
    }
}
