// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The bitmaps against sets of addresses. */
class AddressBlockTest {
    enum Call {
        TAKE_LOWEST,
        TAKE,
        COOL,
        RELEASE
    }

    record Step(Call call, int offset) {}

    /** Three sets that no address is in two of. */
    private static final class Sets {
        final TreeSet<IpAddress> free = new TreeSet<>();
        final TreeSet<IpAddress> cooling = new TreeSet<>();
        final TreeSet<IpAddress> taken = new TreeSet<>();

        Optional<IpAddress> takeLowest() {
            Optional<IpAddress> lowest = Optional.ofNullable(free.pollFirst());
            lowest.ifPresent(taken::add);
            return lowest;
        }

        boolean take(IpAddress address) {
            return (free.remove(address) || cooling.remove(address)) && taken.add(address);
        }

        void cool(IpAddress address) {
            if (free.remove(address)) {
                cooling.add(address);
            }
        }

        boolean release(IpAddress address) {
            boolean wasTaken = taken.remove(address);
            if (wasTaken || cooling.remove(address)) {
                free.add(address);
            }
            return wasTaken;
        }
    }

    @Property
    void agreesWithSetsOfAddresses(@ForAll("steps") List<Step> steps, @ForAll("cidrs") Cidr cidr) {
        AddressBlock block = new AddressBlock(cidr);
        Sets sets = new Sets();
        IntStream.range(2, 31).forEach(i -> sets.free.add(cidr.network().plus(i)));

        for (Step step : steps) {
            IpAddress address = cidr.network().plus(step.offset());
            switch (step.call()) {
                case TAKE_LOWEST -> assertThat(block.takeLowest()).isEqualTo(sets.takeLowest());
                case TAKE -> assertThat(block.take(address)).isEqualTo(sets.take(address));
                case COOL -> {
                    block.cool(address);
                    sets.cool(address);
                }
                case RELEASE -> assertThat(block.release(address)).isEqualTo(sets.release(address));
            }
            assertThat(block.used()).isEqualTo(sets.taken.size());
            assertThat(block.free()).isEqualTo(sets.free.size() + sets.cooling.size());
            assertThat(block.isFree(address)).isEqualTo(sets.free.contains(address) || sets.cooling.contains(address));
        }
    }

    @Example
    void neverHandsOutNetworkBroadcastOrGatewayAddress() {
        AddressBlock block = new AddressBlock(Cidr.parse("10.70.0.0/29"));

        List<String> all = IntStream.range(0, 5)
                .mapToObj(i -> block.takeLowest().orElseThrow().toString())
                .toList();

        assertThat(all).containsExactly("10.70.0.2", "10.70.0.3", "10.70.0.4", "10.70.0.5", "10.70.0.6");
        assertThat(block.takeLowest()).isEmpty();
        assertThat(block.take(IpAddress.parse("10.70.0.0"))).isFalse();
        assertThat(block.take(IpAddress.parse("10.70.0.1"))).isFalse();
        assertThat(block.take(IpAddress.parse("10.70.0.7"))).isFalse();
        assertThat(block.take(IpAddress.parse("10.70.0.8"))).isFalse();
    }

    @Example
    void keepsACoolingAddressForWhomItIsNamedTo() {
        AddressBlock block = new AddressBlock(Cidr.parse("10.70.0.0/29"));
        IpAddress lowest = IpAddress.parse("10.70.0.2");
        block.cool(lowest);

        assertThat(block.isFree(lowest)).isTrue();
        assertThat(block.takeLowest()).contains(IpAddress.parse("10.70.0.3"));
        assertThat(block.take(lowest)).isTrue();
        assertThat(block.used()).isEqualTo(2);
        assertThat(block.free()).isEqualTo(3);
    }

    @Example
    void fillsTheWidestBlockToItsLastAddress() {
        AddressBlock block = new AddressBlock(Cidr.parse("10.0.0.0/8"));
        int usable = (1 << 24) - 3;
        for (int i = 0; i < usable; i++) {
            block.takeLowest();
        }

        assertThat(block.free()).isZero();
        assertThat(block.takeLowest()).isEmpty();
        assertThat(block.release(IpAddress.parse("10.255.255.254"))).isTrue();
        assertThat(block.takeLowest()).contains(IpAddress.parse("10.255.255.254"));
    }

    @Example
    void usesTheBeginningOfAnIpv6Block() {
        Cidr cidr = Cidr.parse("fd00:70::/64");
        AddressBlock block = new AddressBlock(cidr);

        assertThat(block.takeLowest()).contains(IpAddress.parse("fd00:70::2"));
        assertThat(block.isGrantable(IpAddress.parse("fd00:70::1:0:2"))).isFalse();
        assertThat(block.isGrantable(cidr.last())).isFalse();
        assertThat(new AddressBlock(Cidr.parse("fd00::/32")).isGrantable(IpAddress.parse("fd00:0:1::2")))
                .isFalse();
    }

    @Example
    void refusesABlockWithoutRoom() {
        assertThatThrownBy(() -> new AddressBlock(Cidr.parse("10.70.0.0/31"))).isInstanceOf(AddressException.class);
    }

    @Provide
    static Arbitrary<List<Step>> steps() {
        Arbitrary<Integer> offsets = Arbitraries.integers().between(0, 31);
        return Combinators.combine(Arbitraries.of(Call.class), offsets)
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
