// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.remap;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

class RemapArithmeticTest {
    @Property
    void deltaUpdatesAChecksumLikeRecomputingIt(
            @ForAll("mappings") Tuple2<Remap, IpAddress> mapping, @ForAll short rest) {
        Remap remap = mapping.get1();
        IpAddress before = mapping.get2();
        int old = ~sum(before, rest & 0xffff) & 0xffff;

        int updated = ~fold((~old & 0xffff) + remap.checksumDelta()) & 0xffff;

        int recomputed = ~sum(remap.apply(before), rest & 0xffff) & 0xffff;
        // 0 and 0xffff are the same number in ones' complement; a receiver accepts either.
        assertThat(updated % 0xffff).isEqualTo(recomputed % 0xffff);
    }

    @Property
    void inverseUndoes(@ForAll("mappings") Tuple2<Remap, IpAddress> mapping) {
        Remap remap = mapping.get1();
        IpAddress mapped = remap.apply(mapping.get2());

        assertThat(remap.to().contains(mapped)).isTrue();
        assertThat(remap.inverse().apply(mapped)).isEqualTo(mapping.get2());
        assertThat(fold(remap.checksumDelta() + remap.inverse().checksumDelta()) % 0xffff)
                .isZero();
    }

    @Provide
    static Arbitrary<Tuple2<Remap, IpAddress>> mappings() {
        return Arbitraries.of(4, 16).flatMap(size -> {
            Arbitrary<IpAddress> address =
                    Arbitraries.bytes().array(byte[].class).ofSize(size).map(IpAddress::ofBytes);
            return address.tuple2()
                    .flatMap(pair -> Arbitraries.integers()
                            .between(0, size * 8)
                            .map(length -> Tuple.of(
                                    new Remap(Cidr.enclosing(pair.get1(), length), Cidr.enclosing(pair.get2(), length)),
                                    pair.get1())));
        });
    }

    private static int sum(IpAddress address, int rest) {
        byte[] bytes = address.toBytes();
        int sum = rest;
        for (int i = 0; i < bytes.length; i += 2) {
            sum += (bytes[i] & 0xff) << 8 | (bytes[i + 1] & 0xff);
        }
        return fold(sum);
    }

    private static int fold(int sum) {
        int folded = sum;
        while (folded > 0xffff) {
            folded = (folded & 0xffff) + (folded >>> 16);
        }
        return folded;
    }
}
