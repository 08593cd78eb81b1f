// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.path.PacketSpec.Kind;
import dev.hawser.tunnel.path.PacketSpec.Wrapping;
import dev.hawser.tunnel.route.Exposure;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.route.PeerRanges;
import dev.hawser.tunnel.route.Routes;
import dev.hawser.tunnel.route.Verdict;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Translates packets of every class in both directions and compares each byte with the same packet built between the addresses it
 * must arrive with, every checksum summed from scratch.
 */
class RemapOracleTest {
    private static final int AT = 7;

    /** Ranges of odd length, so that a 16-bit word holds prefix and host bits. */
    private static final List<Remap> PEER = List.of(
            remap("10.200.64.0/19", "172.17.32.0/19"),
            remap("10.70.0.0/16", "10.81.0.0/16"),
            remap("fd00:10:200:40::/59", "fd71:1234:5678:9ae0::/59"),
            remap("fd00:10:70::/112", "fd81:7:1:2:3:4:5:0/112"));

    private static final List<Remap> EXPOSED =
            List.of(remap("10.95.245.141/32", "10.70.0.3/32"), remap("fd00:10:95::8d/128", "fd00:10:70::3/128"));

    private static final List<Cidr> PODS = List.of(Cidr.parse("10.200.0.0/16"), Cidr.parse("fd00:10:200::/56"));

    private final Routes routes = Routes.compile(
            new LocalSide(
                    PODS,
                    List.of(Cidr.parse("10.70.0.0/16"), Cidr.parse("fd00:10:70::/112")),
                    EXPOSED.stream().map(RemapOracleTest::exposure).toList()),
            List.of(new PeerRanges("b", PEER)));

    private final PacketReader reader = new PacketReader();
    private final Verdict verdict = new Verdict();

    /** The four addresses of a packet and of the packet it may quote, here and in the tunnel. */
    private record Journey(IpAddress ours, IpAddress theirs, IpAddress oursCarried, IpAddress theirsCarried) {}

    @Property(tries = 4000)
    void sendsWhatTheOracleSends(
            @ForAll Kind kind, @ForAll Family family, @ForAll Wrapping wrapping, @ForAll long seed) {
        PacketSpec spec = new PacketSpec(kind, family, wrapping, seed);
        Assume.that(!spec.isError() || !spec.isFragmented());
        Journey journey = journey(family, seed);

        List<byte[]> sent = spec.build(journey.ours, journey.theirs, journey.theirs, journey.ours);
        List<byte[]> expected =
                spec.build(journey.oursCarried, journey.theirsCarried, journey.theirsCarried, journey.oursCarried);

        assertThat(sent.stream().map(packet -> translate(packet, true)).toList())
                .usingElementComparator(Arrays::compare)
                .isEqualTo(expected);
    }

    @Property(tries = 4000)
    void deliversWhatTheOracleDelivers(
            @ForAll Kind kind, @ForAll Family family, @ForAll Wrapping wrapping, @ForAll long seed) {
        PacketSpec spec = new PacketSpec(kind, family, wrapping, seed);
        Assume.that(!spec.isError() || !spec.isFragmented());
        Journey journey = journey(family, seed);

        List<byte[]> carried =
                spec.build(journey.theirsCarried, journey.oursCarried, journey.oursCarried, journey.theirsCarried);
        List<byte[]> expected = spec.build(journey.theirs, journey.ours, journey.ours, journey.theirs);

        assertThat(carried.stream().map(packet -> translate(packet, false)).toList())
                .usingElementComparator(Arrays::compare)
                .isEqualTo(expected);
    }

    @Property
    void keepsAnUnfinishedChecksumCompletable(@ForAll Family family, @ForAll boolean tcp, @ForAll long seed) {
        PacketSpec spec = new PacketSpec(tcp ? Kind.TCP : Kind.UDP, family, Wrapping.NONE, seed);
        Journey journey = journey(family, seed);
        byte[] sent = spec.build(journey.ours, journey.theirs, journey.theirs, journey.ours)
                .getFirst();
        byte[] expected = spec.build(journey.oursCarried, journey.theirsCarried, journey.theirs, journey.ours)
                .getFirst();

        byte[] carried = translate(TestPackets.withPseudoSum(sent), true, true);

        assertThat(carried).isEqualTo(TestPackets.withPseudoSum(expected));
    }

    private Journey journey(Family family, long seed) {
        Random random = new Random(seed);
        boolean exposed = random.nextBoolean();
        Remap exposure = EXPOSED.get(index(family));
        IpAddress ours = exposed ? exposure.from().network() : address(PODS.get(index(family)), random);
        IpAddress oursCarried = exposed ? exposure.to().network() : ours;
        Remap range = PEER.get(2 * index(family) + random.nextInt(2));
        IpAddress theirsCarried = address(range.from(), random);
        return new Journey(ours, range.apply(theirsCarried), oursCarried, theirsCarried);
    }

    private static int index(Family family) {
        return family == Family.IPV4 ? 0 : 1;
    }

    private static IpAddress address(Cidr range, Random random) {
        byte[] bytes = range.network().toBytes();
        byte[] host = new BigInteger(range.hostBits(), random).toByteArray();
        for (int i = 0; i < Math.min(host.length, bytes.length); i++) {
            bytes[bytes.length - 1 - i] |= host[host.length - 1 - i];
        }
        IpAddress address = IpAddress.ofBytes(bytes);
        assertThat(range.contains(address)).isTrue();
        return address;
    }

    private byte[] translate(byte[] packet, boolean outward) {
        return translate(packet, outward, false);
    }

    private byte[] translate(byte[] packet, boolean outward, boolean partial) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(packet.length + (long) AT);
            MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, AT, packet.length);
            assertThat(reader.read(buffer, AT, packet.length)).isNull();
            if (outward) {
                routes.egress(reader.headers(), reader.quoted(), verdict);
            } else {
                routes.ingress(routes.peers().getFirst(), reader.headers(), reader.quoted(), verdict);
            }
            assertThat(verdict.drop()).isNull();
            PacketRewriter.rewrite(buffer, reader, verdict, partial);
            return buffer.asSlice(AT).toArray(ValueLayout.JAVA_BYTE);
        }
    }

    private static Remap remap(String from, String to) {
        return new Remap(Cidr.parse(from), Cidr.parse(to));
    }

    private static Exposure exposure(Remap outward) {
        return new Exposure(
                "s-" + outward.from().family(),
                outward.from().network(),
                outward.to().network(),
                List.of(),
                Set.of("*"));
    }
}
