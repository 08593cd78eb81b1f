// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.route.Exposure;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.route.PeerRanges;
import dev.hawser.tunnel.route.Routes;
import dev.hawser.tunnel.route.Verdict;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

/** Rewrites whole packets and compares every checksum with a full recomputation. */
class PacketRewriterTest {
    private static final IpAddress SERVICE = IpAddress.parse("10.95.245.141");

    /** A range of odd length, so that a 16-bit word holds prefix and host bits. */
    private final Routes routes = Routes.compile(
            new LocalSide(
                    List.of(Cidr.parse("10.200.0.0/16")),
                    List.of(Cidr.parse("10.70.0.0/16")),
                    List.of(new Exposure("s", SERVICE, IpAddress.parse("10.70.0.3"), List.of(), Set.of("*")))),
            List.of(new PeerRanges(
                    "b",
                    List.of(
                            new Remap(Cidr.parse("10.200.64.0/19"), Cidr.parse("172.17.32.0/19")),
                            new Remap(Cidr.parse("10.70.0.0/16"), Cidr.parse("10.81.0.0/16"))))));

    @Property
    void keepsTcpSound(@ForAll("ports") int port, @ForAll @Size(max = 60) byte[] payload) {
        byte[] sent =
                TestPackets.ipv4(TestPackets.TCP, "10.200.1.5", "172.17.33.9", TestPackets.tcp(port, 80, payload));

        byte[] carried = egress(sent);

        assertThat(TestPackets.addresses(carried)).isEqualTo("10.200.1.5 -> 10.200.65.9");
        assertThat(TestPackets.isSound(carried)).isTrue();
    }

    @Property
    void keepsUdpFromAnExposureSound(@ForAll("ports") int port, @ForAll @Size(max = 60) byte[] payload) {
        byte[] sent = TestPackets.ipv4(
                TestPackets.UDP, SERVICE.toString(), "172.17.33.9", TestPackets.udp(port, 53, payload));

        byte[] carried = egress(sent);

        assertThat(TestPackets.addresses(carried)).isEqualTo("10.70.0.3 -> 10.200.65.9");
        assertThat(TestPackets.isSound(carried)).isTrue();
        assertThat(ByteBuffer.wrap(carried).getShort(26)).isNotZero();
    }

    @Property
    void keepsIngressSound(@ForAll("ports") int port, @ForAll @Size(max = 60) byte[] payload) {
        byte[] carried =
                TestPackets.ipv4(TestPackets.UDP, "10.200.65.9", "10.70.0.3", TestPackets.udp(port, 53, payload));

        byte[] delivered = ingress(carried);

        assertThat(TestPackets.addresses(delivered)).isEqualTo("172.17.33.9 -> 10.95.245.141");
        assertThat(TestPackets.isSound(delivered)).isTrue();
    }

    @Property
    void keepsQuotedPacketsSound(@ForAll("quoted") int quotedLength, @ForAll @Size(max = 60) byte[] payload) {
        byte[] original =
                TestPackets.ipv4(TestPackets.TCP, "172.17.33.9", SERVICE.toString(), TestPackets.tcp(80, 443, payload));
        byte[] quote = Arrays.copyOf(original, Math.min(quotedLength, original.length));
        byte[] sent = TestPackets.ipv4(TestPackets.ICMP, "10.200.0.1", "172.17.33.9", TestPackets.icmp(3, quote));

        byte[] carried = egress(sent);

        assertThat(TestPackets.addresses(carried)).isEqualTo("10.200.0.1 -> 10.200.65.9");
        assertThat(TestPackets.isSound(carried)).isTrue();
        byte[] inner = Arrays.copyOfRange(carried, 28, carried.length);
        assertThat(TestPackets.addresses(inner)).isEqualTo("10.200.65.9 -> 10.70.0.3");
        byte[] whole = Arrays.copyOf(inner, original.length);
        System.arraycopy(original, inner.length, whole, inner.length, original.length - inner.length);
        assertThat(quote.length < 38 || TestPackets.isSound(whole)).isTrue();
    }

    @Property
    void translatesThereAndBack(@ForAll @Size(max = 30) byte[] payload) {
        byte[] sent =
                TestPackets.ipv4(TestPackets.TCP, "10.200.64.5", "172.17.33.9", TestPackets.tcp(80, 443, payload));

        byte[] back = ingress(swapped(egress(sent)));

        assertThat(TestPackets.addresses(back)).isEqualTo("172.17.33.9 -> 10.200.64.5");
        assertThat(TestPackets.isSound(back)).isTrue();
    }

    @Example
    void leavesAUdpDatagramWithoutChecksumWithout() {
        byte[] sent =
                TestPackets.ipv4(TestPackets.UDP, "10.200.1.5", "172.17.33.9", TestPackets.udp(1000, 53, new byte[4]));
        ByteBuffer.wrap(sent).putShort(26, (short) 0);

        assertThat(ByteBuffer.wrap(egress(sent)).getShort(26)).isZero();
    }

    @Example
    void sendsAComputedZeroAsAllOnes() {
        byte[] sent =
                TestPackets.ipv4(TestPackets.UDP, "10.200.1.5", "172.17.33.9", TestPackets.udp(1000, 53, new byte[4]));
        boolean[] seen = new boolean[1];
        for (int word = 0; word <= 0xffff; word++) {
            ByteBuffer.wrap(sent).putShort(28, (short) word);
            TestPackets.completeTransport(sent);
            byte[] carried = egress(sent);
            assertThat(ByteBuffer.wrap(carried).getShort(26)).isNotZero();
            seen[0] |= ByteBuffer.wrap(carried).getShort(26) == (short) 0xffff;
        }
        assertThat(seen[0]).isTrue();
    }

    @Example
    void changesOnlyAddressesOfALaterFragment() {
        byte[] tail = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};
        byte[] sent = TestPackets.ipv4(TestPackets.UDP, "10.200.1.5", "172.17.33.9", tail, 0x2001);

        byte[] carried = egress(sent);

        assertThat(TestPackets.addresses(carried)).isEqualTo("10.200.1.5 -> 10.200.65.9");
        assertThat(Arrays.copyOfRange(carried, 20, carried.length)).isEqualTo(tail);
    }

    @Property
    void keepsAnUnfinishedChecksumCompletable(@ForAll @Size(max = 60) byte[] payload) {
        byte[] sent =
                TestPackets.ipv4(TestPackets.TCP, "10.200.1.5", "172.17.33.9", TestPackets.tcp(4000, 80, payload));
        byte[] partial = TestPackets.withPseudoSum(sent);

        byte[] carried = rewrite(partial, true, true);

        assertThat(carried).isEqualTo(TestPackets.withPseudoSum(carried));
    }

    @Provide
    Arbitrary<Integer> ports() {
        return Arbitraries.integers().between(1, 65_535);
    }

    @Provide
    Arbitrary<Integer> quoted() {
        return Arbitraries.integers().between(20, 100);
    }

    private byte[] egress(byte[] packet) {
        return rewrite(packet, true, false);
    }

    private byte[] ingress(byte[] packet) {
        return rewrite(packet, false, false);
    }

    private byte[] rewrite(byte[] packet, boolean outward, boolean partial) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(packet.length + 7L);
            MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, 7, packet.length);
            PacketReader reader = new PacketReader();
            Verdict verdict = new Verdict();
            assertThat(reader.read(buffer, 7, packet.length)).isNull();
            if (outward) {
                routes.egress(reader.headers(), reader.quoted(), verdict);
            } else {
                routes.ingress(routes.peers().getFirst(), reader.headers(), reader.quoted(), verdict);
            }
            assertThat(verdict.drop()).isNull();
            PacketRewriter.rewrite(buffer, reader, verdict, partial);
            return buffer.asSlice(7).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    /** The packet of an answer with the same bytes: a sum does not mind the order of its addresses. */
    private static byte[] swapped(byte[] packet) {
        byte[] result = packet.clone();
        System.arraycopy(packet, 12, result, 16, 4);
        System.arraycopy(packet, 16, result, 12, 4);
        return result;
    }
}
