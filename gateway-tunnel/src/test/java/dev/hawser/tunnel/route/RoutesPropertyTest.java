// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/**
 * Whatever the configuration says, contradictions included: what comes out of a tunnel never leads into one, and its answer leads back
 * to where it came from. All addresses are drawn from a few small ranges so that they collide all the time.
 */
class RoutesPropertyTest {
    private static final int TCP = 6;

    private final PacketHeaders packet = new PacketHeaders();
    private final PacketHeaders answer = new PacketHeaders();
    private final Verdict verdict = new Verdict();

    @Property(tries = 3000)
    void neverLeadBackIntoATunnel(@ForAll long seed, @ForAll Family family) {
        Random random = new Random(seed);
        Routes routes = routes(random, family);
        for (PeerRoutes peer : routes.peers()) {
            for (int i = 0; i < 40; i++) {
                set(packet, address(random, family), address(random, family));
                routes.ingress(peer, packet, null, verdict);
                if (verdict.drop() == null) {
                    IpAddress source = rewritten(verdict.source(), packet.sourceHigh(), packet.sourceLow(), family);
                    IpAddress destination =
                            rewritten(verdict.destination(), packet.destinationHigh(), packet.destinationLow(), family);
                    assertThat(source).isNotEqualTo(destination);
                    checkAnswer(routes, peer, source, destination);
                    checkNoLoop(routes, source, destination);
                }
            }
        }
    }

    /** Sent out again, by whatever route of the node, it must not find a way to a peer. */
    private void checkNoLoop(Routes routes, IpAddress source, IpAddress destination) {
        set(answer, source, destination);
        routes.egress(answer, null, verdict);
        assertThat(verdict.drop()).isEqualTo(DropReason.NO_ROUTE);
    }

    private void checkAnswer(Routes routes, PeerRoutes peer, IpAddress asker, IpAddress asked) {
        set(answer, asked, asker);
        routes.egress(answer, null, verdict);
        // The gateway itself answers only what it was asked; here it is TCP.
        assertThat(verdict.drop()).isIn(null, DropReason.NOT_FOR_GATEWAY);
        assertThat(Objects.requireNonNull(verdict.peer()).id()).isEqualTo(peer.id());
    }

    @Property(tries = 3000)
    void sendOnlyToTrueAddressesOfThePeer(@ForAll long seed, @ForAll Family family) {
        Random random = new Random(seed);
        Routes routes = routes(random, family);
        for (int i = 0; i < 100; i++) {
            set(packet, address(random, family), address(random, family));
            routes.egress(packet, null, verdict);
            PeerRoutes peer = verdict.peer();
            if (verdict.drop() == null) {
                IpAddress carried =
                        rewritten(verdict.destination(), packet.destinationHigh(), packet.destinationLow(), family);
                AddressRewrite back = Objects.requireNonNull(peer).toLocalView(family, carried.high(), carried.low());
                assertThat(rewritten(Objects.requireNonNull(back), carried.high(), carried.low(), family))
                        .isEqualTo(new IpAddress(family, packet.destinationHigh(), packet.destinationLow()));
            }
        }
    }

    private static Routes routes(Random random, Family family) {
        List<PeerRanges> peers = new ArrayList<>();
        for (int peer = 0; peer < 3; peer++) {
            List<Remap> ranges = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(3); i++) {
                int length = lastBit(family) - 1 - random.nextInt(6);
                ranges.add(new Remap(range(random, family, length), range(random, family, length)));
            }
            peers.add(new PeerRanges("peer-" + peer, ranges));
        }
        List<Exposure> exposures = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Set<String> granted = random.nextBoolean() ? Set.of("*") : Set.of("peer-" + random.nextInt(3));
            exposures.add(new Exposure("e-" + i, address(random, family), address(random, family), List.of(), granted));
        }
        LocalSide local = new LocalSide(
                List.of(range(random, family, lastBit(family) - 4)),
                List.of(range(random, family, lastBit(family) - 4)),
                exposures);
        return Routes.compile(local, peers);
    }

    /** One of 256 addresses; in IPv6 they differ in four bits of the upper and four of the lower half. */
    private static IpAddress address(Random random, Family family) {
        int bits = random.nextInt(256);
        return family == Family.IPV4
                ? IpAddress.ofIpv4(10 << 24 | bits)
                : new IpAddress(family, 0xfd00_0000_0000_0000L | bits >>> 4, (long) bits << 60);
    }

    private static int lastBit(Family family) {
        return family == Family.IPV4 ? 32 : 68;
    }

    private static Cidr range(Random random, Family family, int length) {
        return Cidr.enclosing(address(random, family), length);
    }

    private static void set(PacketHeaders headers, IpAddress source, IpAddress destination) {
        if (source.family() == Family.IPV4) {
            headers.ipv4(source.low(), destination.low());
        } else {
            headers.ipv6(source.high(), source.low(), destination.high(), destination.low());
        }
        headers.transport(TCP, 40_000, 80, false);
    }

    private static IpAddress rewritten(AddressRewrite rewrite, long high, long low, Family family) {
        return new IpAddress(family, rewrite.high(high), rewrite.low(low));
    }
}
