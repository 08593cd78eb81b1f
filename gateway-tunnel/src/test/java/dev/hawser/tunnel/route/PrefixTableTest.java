// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.jspecify.annotations.Nullable;

/** Compares the compact table with a linear scan. */
class PrefixTableTest {
    @Property
    void agreesWithALinearScan(
            @ForAll("prefixes") List<Cidr> prefixes, @ForAll("addresses") List<IpAddress> addresses) {
        Map<Cidr, String> named = new LinkedHashMap<>();
        prefixes.forEach(prefix -> named.put(prefix, prefix.toString()));

        PrefixTable<String> table = PrefixTable.of(named);

        for (Cidr prefix : prefixes) {
            assertThat(table.find(prefix.first())).isEqualTo(scan(named, prefix.first()));
            assertThat(table.find(prefix.last())).isEqualTo(scan(named, prefix.last()));
        }
        for (IpAddress address : addresses) {
            assertThat(table.find(address)).isEqualTo(scan(named, address));
        }
    }

    /** As a pool grants them: side by side, with gaps where some were given back. */
    @Property(tries = 20)
    void findsEachOfManyRangesOfAPool(@ForAll @IntRange(min = 1, max = 3000) int count, @ForAll long seed) {
        Random random = new Random(seed);
        Map<Cidr, Integer> ranges = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            if (random.nextInt(8) > 0) {
                ranges.put(Cidr.of(IpAddress.ofIpv4(0x0a000000 + (i << 8)), 24), i);
                ranges.put(Cidr.of(new IpAddress(Family.IPV6, 0xfd00_1000_0000_0000L + ((long) i << 8), 0), 56), -i);
            }
        }

        PrefixTable<Integer> table = PrefixTable.of(ranges);

        ranges.forEach((range, number) -> {
            assertThat(table.find(range.first())).isEqualTo(number);
            assertThat(table.find(range.last())).isEqualTo(number);
            assertThat(table.find(range.first().minus(1))).isEqualTo(ranges.get(before(range)));
        });
        assertThat(table.find(IpAddress.parse("9.255.255.255"))).isNull();
        assertThat(table.find(IpAddress.parse("255.255.255.255"))).isNull();
        assertThat(table.find(IpAddress.parse("::"))).isNull();
        assertThat(table.find(IpAddress.parse("ffff::"))).isNull();
    }

    private static Cidr before(Cidr range) {
        return Cidr.enclosing(range.first().minus(1), range.prefixLength());
    }

    private static @Nullable String scan(Map<Cidr, String> named, IpAddress address) {
        return named.entrySet().stream()
                .filter(entry -> entry.getKey().contains(address))
                .max(Comparator.comparingInt(entry -> entry.getKey().prefixLength()))
                .map(Map.Entry::getValue)
                .orElse(null);
    }

    @Provide
    Arbitrary<List<Cidr>> prefixes() {
        // Few distinct bits and all lengths, so that nesting and shared borders are the rule.
        Arbitrary<Cidr> ipv4 = Combinators.combine(
                        ipv4(), Arbitraries.integers().between(0, 32))
                .as(Cidr::enclosing);
        Arbitrary<Cidr> ipv6 = Combinators.combine(
                        ipv6(), Arbitraries.integers().between(0, 128))
                .as(Cidr::enclosing);
        return Arbitraries.oneOf(ipv4, ipv6).list().ofMaxSize(40);
    }

    @Provide
    Arbitrary<List<IpAddress>> addresses() {
        return Arbitraries.oneOf(ipv4(), ipv6()).list().ofSize(20);
    }

    private static Arbitrary<IpAddress> ipv4() {
        return Arbitraries.of(0x0a000000, 0x0aff0001, 0x0a0000ff, 0xffffffff, 0, 0x80000000, 0x0a00ffff)
                .map(IpAddress::ofIpv4);
    }

    private static Arbitrary<IpAddress> ipv6() {
        Arbitrary<Long> word = Arbitraries.of(0L, -1L, Long.MIN_VALUE, 1L, 0x20010db800000000L, 0xffffL);
        return Combinators.combine(word, word).as((high, low) -> new IpAddress(Family.IPV6, high, low));
    }
}
