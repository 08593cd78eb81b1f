// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.path.PacketSpec.Kind;
import dev.hawser.tunnel.path.PacketSpec.Wrapping;
import dev.hawser.tunnel.port.Offload;
import dev.hawser.tunnel.port.Offload.Segmentation;
import dev.hawser.tunnel.route.Exposure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Sends packets of every class through the real loops of two gateways with identical ranges. What the other one writes must be, byte
 * for byte, the packet built anew between the addresses as the other cluster names them.
 */
class LoopsPropertyTest {
    private static final int PSH_ACK = 0x18;
    private static final int TCP_CHECKSUM = 16;
    private static final int UDP_CHECKSUM = 6;

    /** An address at a and what b calls it, or the other way round. */
    private record Known(IpAddress here, IpAddress there) {}

    @Property(tries = 3000)
    void deliverWhatTheOracleDelivers(
            @ForAll Kind kind, @ForAll Family family, @ForAll Wrapping wrapping, @ForAll long seed) {
        PacketSpec spec = new PacketSpec(kind, family, wrapping, seed);
        Assume.that(!spec.isError() || !spec.isFragmented());
        Random random = new Random(seed);
        Known source = local(random, family, LoopPair.A_AT_B);
        Known destination = reversed(local(random, family, LoopPair.B_AT_A));
        LoopPair pair = LoopPair.fresh();

        spec.build(source.here, destination.here, destination.here, source.here).forEach(packet -> {
            pair.a.packets.feed(packet, Offload::plain);
            pair.a.send();
        });

        List<byte[]> expected = spec.build(source.there, destination.there, destination.there, source.there);
        assertThat(written(pair)).usingElementComparator(Arrays::compare).isEqualTo(expected);
    }

    /** Segments leave in one train; they are joined again, so that the kernel sees the super-packet that was sent. */
    @Property(tries = 300)
    void deliverSuperPacketsWhole(
            @ForAll @IntRange(min = 2_000, max = 60_000) int length,
            @ForAll @IntRange(min = 1_000, max = 1_340) int size,
            @ForAll boolean tcp,
            @ForAll Family family) {
        // What one train takes; the kernel gives no more to one send.
        Assume.that(Math.ceilDiv(length, size) < 64 && length + 110 * Math.ceilDiv(length, size) < 65_000);
        Random random = new Random(length);
        Known source = local(random, family, LoopPair.A_AT_B);
        Known destination = reversed(local(random, family, LoopPair.B_AT_A));
        byte[] payload = new byte[length];
        random.nextBytes(payload);
        byte[] sent = packet(tcp, source.here, destination.here, payload);
        int start = TestPackets.headerLength(sent);
        LoopPair pair = LoopPair.fresh();

        pair.a.packets.feed(TestPackets.withPseudoSum(sent), offload -> {
            Segmentation ofTcp = family == Family.IPV4 ? Segmentation.TCP4 : Segmentation.TCP6;
            offload.segments(tcp ? ofTcp : Segmentation.UDP, 0, size);
            offload.partialChecksum(start, tcp ? TCP_CHECKSUM : UDP_CHECKSUM);
        });
        pair.a.send();

        assertThat(written(pair))
                .usingElementComparator(Arrays::compare)
                .containsExactly(packet(tcp, source.there, destination.there, payload));
    }

    private static byte[] packet(boolean tcp, IpAddress source, IpAddress destination, byte[] payload) {
        byte[] transport = tcp ? TestPackets.tcp(4000, 80, payload) : TestPackets.udp(4000, 53, payload);
        if (tcp) {
            transport[13] = PSH_ACK;
        }
        byte[] packet = TestPackets.ip(
                tcp ? TestPackets.TCP : TestPackets.UDP, source.toString(), destination.toString(), transport);
        if (!TestPackets.isIpv6(packet)) {
            packet[6] = 0x40;
            TestPackets.completeHeader(packet);
        }
        return packet;
    }

    private static List<byte[]> written(LoopPair pair) {
        List<byte[]> packets = new ArrayList<>();
        pair.b.packets.written().forEach(each -> packets.add(each.packet()));
        return packets;
    }

    /** A pod or an exposure of a cluster, and what the other one calls it. */
    private static Known local(Random random, Family family, List<Remap> names) {
        Exposure exposure = LoopPair.EXPOSURES.get(family == Family.IPV4 ? 0 : 1);
        if (random.nextInt(3) == 0) {
            return new Known(exposure.local(), named(exposure.external(), names));
        }
        Cidr pods = LoopPair.PODS.get(family == Family.IPV4 ? 0 : 1);
        IpAddress pod = pods.network().plus(1 + random.nextInt(60_000));
        return new Known(pod, named(pod, names));
    }

    private static Known reversed(Known known) {
        return new Known(known.there, known.here);
    }

    private static IpAddress named(IpAddress address, List<Remap> names) {
        return names.stream()
                .filter(remap -> remap.covers(address))
                .map(remap -> remap.apply(address))
                .findFirst()
                .orElseThrow();
    }
}
