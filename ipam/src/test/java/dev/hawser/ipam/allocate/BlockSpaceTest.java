// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.allocate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The buddy system against a bit per address. */
class BlockSpaceTest {
    private static final int SIZE = 256;

    /** One call; blocks are /24 to /32 of the last octet, or the tail of an IPv6 range. */
    record Step(boolean withhold, int offset, int length) {
        Cidr in(Cidr range) {
            int hostBits = 8 - length;
            return Cidr.of(range.network().plus(offset >>> hostBits << hostBits), range.prefixLength() + length);
        }
    }

    @Property
    void agreesWithABitPerAddress(@ForAll("steps") List<Step> steps, @ForAll("ranges") Cidr range) {
        BlockSpace space = new BlockSpace(range);
        BitSet free = new BitSet(SIZE);
        free.set(0, SIZE);

        for (Step step : steps) {
            Cidr block = step.in(range);
            int first = offset(range, block.first());
            int last = offset(range, block.last());
            if (step.withhold()) {
                int before = free.cardinality();
                free.clear(first, last + 1);
                BigInteger removed =
                        space.withhold(block).stream().map(Cidr::size).reduce(BigInteger.ZERO, BigInteger::add);
                assertThat(removed).isEqualTo(BigInteger.valueOf(before - free.cardinality()));
            } else {
                space.release(block);
                free.set(first, last + 1);
            }
            assertThat(space.freeAddresses()).isEqualTo(BigInteger.valueOf(free.cardinality()));
            for (int length = 0; length <= 8; length++) {
                int prefix = range.prefixLength() + length;
                assertThat(space.bestFit(prefix)).isEqualTo(slowBestFit(range, free, length));
            }
        }
    }

    @Property
    void withholdingIsUndoneByReleasingWhatItReturned(@ForAll("steps") List<Step> steps, @ForAll("ranges") Cidr range) {
        BlockSpace space = new BlockSpace(range);
        steps.forEach(step -> space.withhold(step.in(range)));
        List<Optional<Cidr>> before = fits(space);

        List<Cidr> removed = space.withhold(range);
        assertThat(space.freeAddresses()).isZero();
        removed.forEach(space::release);

        assertThat(fits(space)).isEqualTo(before);
    }

    @Property
    void stateDependsOnWhatIsTakenNotOnTheOrder(
            @ForAll("steps") List<Step> steps, @ForAll("ranges") Cidr range, @ForAll Random random) {
        List<Step> shuffled = new ArrayList<>(steps);
        Collections.shuffle(shuffled, random);
        BlockSpace one = new BlockSpace(range);
        BlockSpace other = new BlockSpace(range);

        steps.forEach(step -> one.withhold(step.in(range)));
        shuffled.forEach(step -> other.withhold(step.in(range)));

        assertThat(fits(one)).isEqualTo(fits(other));
        assertThat(one.largestFreeLength()).isEqualTo(other.largestFreeLength());
    }

    @Example
    void fillsTheNeighbourhoodOfWhatIsTakenFirst() {
        BlockSpace space = new BlockSpace(Cidr.parse("10.0.0.0/8"));
        space.withhold(Cidr.parse("10.200.0.0/16"));
        space.withhold(Cidr.parse("10.70.0.0/16"));
        space.withhold(Cidr.parse("10.95.0.0/16"));

        assertThat(space.bestFit(16)).contains(Cidr.parse("10.71.0.0/16"));
    }

    @Example
    void toleratesFactsThatReachOutOfTheRange() {
        BlockSpace space = new BlockSpace(Cidr.parse("172.16.0.0/12"));

        assertThat(space.withhold(Cidr.parse("10.0.0.0/8"))).isEmpty();
        assertThat(space.withhold(Cidr.parse("172.0.0.0/8"))).containsExactly(Cidr.parse("172.16.0.0/12"));
        assertThat(space.bestFit(32)).isEmpty();
        assertThat(space.largestFreeLength()).isEmpty();
    }

    @Example
    void refusesToReleaseWhatItNeverHad() {
        BlockSpace space = new BlockSpace(Cidr.parse("172.16.0.0/12"));

        assertThatThrownBy(() -> space.release(Cidr.parse("10.0.0.0/16"))).isInstanceOf(AddressException.class);
    }

    @Example
    void carvesA48IntoPrefixesOf64() {
        BlockSpace space = new BlockSpace(Cidr.parse("fd12:3456:789a::/48"));
        for (int i = 0; i < 65_536; i++) {
            Cidr block = space.bestFit(64).orElseThrow();
            assertThat(space.withhold(block)).containsExactly(block);
        }

        assertThat(space.bestFit(64)).isEmpty();
        assertThat(space.freeAddresses()).isZero();
    }

    private static List<Optional<Cidr>> fits(BlockSpace space) {
        List<Optional<Cidr>> fits = new ArrayList<>();
        for (int length = 0; length <= 8; length++) {
            fits.add(space.bestFit(space.range().prefixLength() + length));
        }
        return fits;
    }

    /** Of all aligned free blocks of every size from the wanted one up: the smallest that is not part of a larger one. */
    private static Optional<Cidr> slowBestFit(Cidr range, BitSet free, int length) {
        for (int candidate = length; candidate >= 0; candidate--) {
            int size = SIZE >> candidate;
            for (int offset = 0; offset < SIZE; offset += size) {
                int parent = offset / (2 * size) * 2 * size;
                boolean maximal = candidate == 0 || !allSet(free, parent, 2 * size);
                if (maximal && allSet(free, offset, size)) {
                    return Optional.of(Cidr.of(range.network().plus(offset), range.prefixLength() + length));
                }
            }
        }
        return Optional.empty();
    }

    private static boolean allSet(BitSet bits, int from, int count) {
        return bits.nextClearBit(from) >= from + count;
    }

    private static int offset(Cidr range, IpAddress address) {
        return (int) (address.low() - range.network().low());
    }

    @Provide
    static Arbitrary<List<Step>> steps() {
        return Combinators.combine(
                        Arbitraries.of(true, true, false),
                        Arbitraries.integers().between(0, SIZE - 1),
                        Arbitraries.integers().between(1, 8))
                .as(Step::new)
                .list()
                .ofMaxSize(30);
    }

    @Provide
    static Arbitrary<Cidr> ranges() {
        return Arbitraries.of(
                Cidr.parse("10.20.30.0/24"), Cidr.parse("255.255.255.0/24"), Cidr.parse("2001:db8::ab00/120"));
    }
}
