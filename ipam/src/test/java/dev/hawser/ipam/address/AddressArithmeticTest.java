// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** 128-bit arithmetic against {@link BigInteger}, for both families. */
class AddressArithmeticTest {
    private static BigInteger number(IpAddress address) {
        return new BigInteger(1, address.toBytes());
    }

    @Property
    void bytesRoundTrip(@ForAll("addresses") IpAddress address) {
        assertThat(IpAddress.ofBytes(address.toBytes())).isEqualTo(address);
    }

    @Property
    void textRoundTripsAndTheJdkAgrees(@ForAll("addresses") IpAddress address) throws UnknownHostException {
        boolean mapped = address.family() == Family.IPV6 && address.high() == 0 && address.low() >>> 32 == 0xffff;

        if (!mapped) {
            assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
            assertThat(InetAddress.getByName(address.toString()).getAddress()).isEqualTo(address.toBytes());
        }
    }

    @Property
    void orderIsUnsignedWithinAFamily(@ForAll("addresses") IpAddress a, @ForAll("addresses") IpAddress b) {
        int expected = a.family() == b.family()
                ? number(a).compareTo(number(b))
                : a.family().compareTo(b.family());

        assertThat(Integer.signum(a.compareTo(b))).isEqualTo(Integer.signum(expected));
    }

    @Property
    void plusAndMinusCountLikeIntegers(@ForAll("addresses") IpAddress address, @ForAll @LongRange(min = 0) long count) {
        BigInteger end = BigInteger.ONE.shiftLeft(address.family().bits());
        BigInteger above = number(address).add(BigInteger.valueOf(count));
        BigInteger below = number(address).subtract(BigInteger.valueOf(count));

        if (above.compareTo(end) < 0) {
            assertThat(number(address.plus(count))).isEqualTo(above);
        } else {
            assertThatThrownBy(() -> address.plus(count)).isInstanceOf(AddressException.class);
        }
        if (below.signum() >= 0) {
            assertThat(number(address.minus(count))).isEqualTo(below);
        } else {
            assertThatThrownBy(() -> address.minus(count)).isInstanceOf(AddressException.class);
        }
    }

    @Property
    void blockIsTheIntervalFromFirstToLast(@ForAll("cidrs") Cidr cidr, @ForAll("addresses") IpAddress address) {
        assertThat(number(cidr.last()))
                .isEqualTo(number(cidr.first()).add(cidr.size()).subtract(BigInteger.ONE));
        assertThat(cidr.contains(address))
                .isEqualTo(address.family() == cidr.family()
                        && number(address).compareTo(number(cidr.first())) >= 0
                        && number(address).compareTo(number(cidr.last())) <= 0);
    }

    @Property
    void overlapIsSymmetricAndAgreesWithIntervals(@ForAll("cidrs") Cidr a, @ForAll("cidrs") Cidr b) {
        boolean expected = a.family() == b.family()
                && number(a.first()).compareTo(number(b.last())) <= 0
                && number(b.first()).compareTo(number(a.last())) <= 0;

        assertThat(a.overlaps(b)).isEqualTo(expected).isEqualTo(b.overlaps(a));
        assertThat(a.contains(b))
                .isEqualTo(a.family() == b.family()
                        && number(a.first()).compareTo(number(b.first())) <= 0
                        && number(a.last()).compareTo(number(b.last())) >= 0);
    }

    @Property
    void enclosingHoldsItsAddressAndTextRoundTrips(@ForAll("cidrs") Cidr cidr) {
        assertThat(Cidr.enclosing(cidr.last(), cidr.prefixLength())).isEqualTo(cidr);
        assertThat(cidr.usable(cidr.first())).isFalse();
        assertThat(cidr.usable(cidr.last())).isFalse();
    }

    @Provide
    static Arbitrary<IpAddress> addresses() {
        Arbitrary<IpAddress> v4 = Arbitraries.integers().map(IpAddress::ofIpv4);
        // Few distinct halves make carries, equal halves and neighbours likely.
        Arbitrary<Long> half = Arbitraries.oneOf(
                Arbitraries.longs(),
                Arbitraries.of(0L, 1L, -1L, -2L, 0xffff_0a00_0001L, Long.MIN_VALUE, Long.MAX_VALUE));
        Arbitrary<IpAddress> v6 = Combinators.combine(half, half).as((h, l) -> new IpAddress(Family.IPV6, h, l));
        return Arbitraries.oneOf(v4, v6);
    }

    @Provide
    static Arbitrary<Cidr> cidrs() {
        return addresses()
                .flatMap(address -> Arbitraries.integers()
                        .between(0, address.family().bits())
                        .map(length -> Cidr.enclosing(address, length)));
    }
}
