// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.allocate.BlockSpace;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What is left of the pools while one round is decided. Mutable, for one thread. */
final class Room {
    /** One range of a pool with what is free of it. */
    private record Range(String pool, BlockSpace space) {}

    /** A block and the pool it lies in. */
    record Placed(String pool, Cidr block) {}

    /** Free blocks that were set aside; putting them back undoes it. */
    record SetAside(List<Cidr> blocks) {
        SetAside {
            blocks = List.copyOf(blocks);
        }
    }

    private final List<Range> ranges = new ArrayList<>();

    /**
     * The pools with all room free, in the order of their names. A range that overlaps one of an earlier pool is left
     * out: a block must have exactly one pool whose compare-and-swap protects it.
     */
    Room(Collection<PoolRanges> pools) {
        for (PoolRanges pool :
                pools.stream().sorted(Comparator.comparing(PoolRanges::name)).toList()) {
            for (Cidr cidr : pool.cidrs()) {
                if (ranges.stream().noneMatch(range -> range.space().range().overlaps(cidr))) {
                    ranges.add(new Range(pool.name(), new BlockSpace(cidr)));
                }
            }
        }
    }

    void withhold(Cidr block) {
        ranges.forEach(range -> range.space().withhold(block));
    }

    SetAside setAside(Collection<Cidr> blocks) {
        List<Cidr> removed = new ArrayList<>();
        for (Cidr block : blocks) {
            ranges.forEach(range -> removed.addAll(range.space().withhold(block)));
        }
        return new SetAside(removed);
    }

    void putBack(SetAside aside) {
        for (Cidr block : aside.blocks()) {
            ranges.stream()
                    .map(Range::space)
                    .filter(space -> space.range().contains(block))
                    .forEach(space -> space.release(block));
        }
    }

    /** The pool that the block is free in. */
    Optional<Placed> place(Cidr block) {
        return ranges.stream()
                .filter(range -> range.space().isFree(block))
                .map(range -> new Placed(range.pool(), block))
                .findFirst();
    }

    /** The best fit of the first range that has one: ranges are in the order in which their user prefers them. */
    Optional<Placed> bestFit(Family family, int prefixLength) {
        return ranges.stream()
                .filter(range -> range.space().range().family() == family)
                .flatMap(range ->
                        range.space().bestFit(prefixLength).map(block -> new Placed(range.pool(), block)).stream())
                .findFirst();
    }

    /** How full the ranges are; {@code vacant} is the same room with nothing but blocks of owners withheld. */
    List<PoolUsage> usage(Room vacant) {
        List<PoolUsage> usage = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            BlockSpace space = ranges.get(i).space();
            BigInteger used =
                    space.range().size().subtract(vacant.ranges.get(i).space().freeAddresses());
            usage.add(new PoolUsage(
                    ranges.get(i).pool(), space.range(), used, space.freeAddresses(), space.largestFreeLength()));
        }
        return List.copyOf(usage);
    }
}
