// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.remap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RemapTest {
    @ParameterizedTest
    @CsvSource({
        "10.200.0.0/16, 10.71.0.0/16, 10.200.7.9, 10.71.7.9",
        "10.70.0.0/16, 10.81.0.0/16, 10.70.0.3, 10.81.0.3",
        "10.0.0.0/13, 172.24.0.0/13, 10.7.255.254, 172.31.255.254",
        "fd00:1::/64, fd00:2::/64, fd00:1::7:9, fd00:2::7:9",
        "fd00:1::/33, fd00:2::/33, fd00:1:7fff::9, fd00:2:7fff::9",
    })
    void keepsHostBits(Cidr from, Cidr to, IpAddress address, IpAddress mapped) {
        Remap remap = new Remap(from, to);

        assertThat(remap.apply(address)).isEqualTo(mapped);
        assertThat(remap.inverse().apply(mapped)).isEqualTo(address);
    }

    @ParameterizedTest
    @CsvSource({"10.0.0.0/16, 10.1.0.0/17", "10.0.0.0/16, fd00::/16"})
    void refusesRangesOfDifferentLengthOrFamily(Cidr from, Cidr to) {
        assertThatThrownBy(() -> new Remap(from, to)).isInstanceOf(AddressException.class);
    }

    @Test
    void refusesAddressOutsideItsRange() {
        Remap remap = new Remap(Cidr.parse("10.200.0.0/16"), Cidr.parse("10.71.0.0/16"));

        assertThat(remap.covers(IpAddress.parse("10.201.0.1"))).isFalse();
        assertThatThrownBy(() -> remap.apply(IpAddress.parse("10.201.0.1"))).isInstanceOf(AddressException.class);
    }

    @Test
    void equalRangesHaveNoDelta() {
        Cidr cidr = Cidr.parse("10.200.0.0/16");

        assertThat(new Remap(cidr, cidr).checksumDelta()).isZero();
    }

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
