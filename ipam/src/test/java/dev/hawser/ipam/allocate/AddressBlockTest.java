// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The bitmap against a set of addresses. */
class AddressBlockTest {
    enum Call {
        TAKE_LOWEST,
        TAKE,
        RELEASE
    }

    record Step(Call call, int offset, Set<Integer> cooling) {}

    @Property
    void agreesWithASetOfAddresses(@ForAll("steps") List<Step> steps, @ForAll("cidrs") Cidr cidr) {
        AddressBlock block = new AddressBlock(cidr);
        TreeSet<IpAddress> free = new TreeSet<>();
        IntStream.range(2, 31).forEach(i -> free.add(cidr.network().plus(i)));
        Set<IpAddress> taken = new HashSet<>();

        for (Step step : steps) {
            IpAddress address = cidr.network().plus(step.offset());
            switch (step.call()) {
                case TAKE_LOWEST -> {
                    Optional<IpAddress> expected =
                            free.stream().filter(a -> !cooling(step, cidr, a)).findFirst();
                    assertThat(block.takeLowest(a -> cooling(step, cidr, a))).isEqualTo(expected);
                    expected.ifPresent(a -> {
                        free.remove(a);
                        taken.add(a);
                    });
                }
                case TAKE -> {
                    boolean possible = free.remove(address);
                    assertThat(block.take(address)).isEqualTo(possible);
                    if (possible) {
                        taken.add(address);
                    }
                }
                case RELEASE -> {
                    boolean possible = taken.remove(address);
                    assertThat(block.release(address)).isEqualTo(possible);
                    if (possible) {
                        free.add(address);
                    }
                }
            }
            assertThat(block.used()).isEqualTo(taken.size());
            assertThat(block.free()).isEqualTo(free.size());
            assertThat(block.isFree(address)).isEqualTo(free.contains(address));
        }
    }

    @Example
    void neverHandsOutNetworkBroadcastOrGatewayAddress() {
        AddressBlock block = new AddressBlock(Cidr.parse("10.70.0.0/29"));

        List<String> all = IntStream.range(0, 5)
                .mapToObj(i -> block.takeLowest(a -> false).orElseThrow().toString())
                .toList();

        assertThat(all).containsExactly("10.70.0.2", "10.70.0.3", "10.70.0.4", "10.70.0.5", "10.70.0.6");
        assertThat(block.takeLowest(a -> false)).isEmpty();
        assertThat(block.take(IpAddress.parse("10.70.0.0"))).isFalse();
        assertThat(block.take(IpAddress.parse("10.70.0.1"))).isFalse();
        assertThat(block.take(IpAddress.parse("10.70.0.7"))).isFalse();
        assertThat(block.take(IpAddress.parse("10.70.0.8"))).isFalse();
    }

    @Example
    void usesTheBeginningOfAnIpv6Block() {
        Cidr cidr = Cidr.parse("fd00:70::/64");
        AddressBlock block = new AddressBlock(cidr);

        assertThat(block.takeLowest(a -> false)).contains(IpAddress.parse("fd00:70::2"));
        assertThat(block.isGrantable(IpAddress.parse("fd00:70::1:0:2"))).isFalse();
        assertThat(block.isGrantable(cidr.last())).isFalse();
        assertThat(new AddressBlock(Cidr.parse("fd00::/32")).isGrantable(IpAddress.parse("fd00:0:1::2")))
                .isFalse();
    }

    @Example
    void refusesABlockWithoutRoom() {
        assertThatThrownBy(() -> new AddressBlock(Cidr.parse("10.70.0.0/31"))).isInstanceOf(AddressException.class);
    }

    private static boolean cooling(Step step, Cidr cidr, IpAddress address) {
        return step.cooling().contains((int) (address.low() - cidr.network().low()));
    }

    @Provide
    static Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> offsets = Arbitraries.integers().between(0, 31);
        return Combinators.combine(
                        Arbitraries.of(Call.class), offsets, offsets.set().ofMaxSize(4))
                .as(Step::new)
                .list()
                .ofMaxSize(80);
    }

    @Provide
    static Arbitrary<Cidr> cidrs() {
        return Arbitraries.of(
                Cidr.parse("10.70.0.0/27"), Cidr.parse("255.255.255.224/27"), Cidr.parse("fd00::ffe0/123"));
    }
}
