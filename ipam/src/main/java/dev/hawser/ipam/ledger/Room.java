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
    private record Range(String pool, BlockSpace space) {
        boolean isOf(PoolRanges candidate) {
            return pool.equals(candidate.name());
        }

        boolean overlaps(Cidr cidr) {
            return space.range().overlaps(cidr);
        }
    }

    /** A block and the pool it lies in. */
    record Placed(String pool, Cidr block) {}

    /** A block that was free, and where. */
    private record Piece(BlockSpace space, Cidr block) {}

    /** Free blocks that were set aside; putting them back undoes it. */
    static final class SetAside {
        private final List<Piece> pieces = new ArrayList<>();
    }

    private final List<Range> ranges = new ArrayList<>();

    /** The pools with all room free, in the order of their names. Of ranges of one pool that overlap the first stays. */
    Room(Collection<PoolRanges> pools) {
        for (PoolRanges pool :
                pools.stream().sorted(Comparator.comparing(PoolRanges::name)).toList()) {
            for (Cidr cidr : pool.cidrs()) {
                if (ranges.stream().noneMatch(range -> range.isOf(pool) && range.overlaps(cidr))) {
                    ranges.add(new Range(pool.name(), new BlockSpace(cidr)));
                }
            }
        }
    }

    /** The same room, to go on with on its own. */
    Room copy() {
        Room copy = new Room(List.of());
        ranges.forEach(range -> copy.ranges.add(new Range(range.pool(), new BlockSpace(range.space()))));
        return copy;
    }

    /**
     * What two pools both have. Nothing is granted from it: a block must have exactly one pool whose compare-and-swap
     * protects it, and which of the two that is, controllers could disagree about while somebody changes a Pool.
     */
    static List<Reservation> contested(Collection<PoolRanges> all) {
        List<PoolRanges> pools =
                all.stream().sorted(Comparator.comparing(PoolRanges::name)).toList();
        List<Reservation> contested = new ArrayList<>();
        for (int i = 0; i < pools.size(); i++) {
            for (int j = i + 1; j < pools.size(); j++) {
                String both = "Pool " + pools.get(i).name() + " and Pool "
                        + pools.get(j).name() + ", which both have it";
                for (Cidr one : pools.get(i).cidrs()) {
                    pools.get(j).cidrs().stream()
                            .filter(one::overlaps)
                            .map(other -> one.contains(other) ? other : one)
                            .forEach(shared -> contested.add(new Reservation(shared, both)));
                }
            }
        }
        return contested;
    }

    /** Makes the block nobody's to get; what of it is taken or lies elsewhere is no error. */
    void withhold(Cidr block) {
        for (Range range : ranges) {
            if (range.overlaps(block)) {
                range.space().withhold(block);
            }
        }
    }

    SetAside setAside(Collection<Cidr> blocks) {
        SetAside aside = new SetAside();
        for (Cidr block : blocks) {
            for (Range range : ranges) {
                range.space().withhold(block).forEach(free -> aside.pieces.add(new Piece(range.space(), free)));
            }
        }
        return aside;
    }

    void putBack(SetAside aside) {
        aside.pieces.forEach(piece -> piece.space().release(piece.block()));
    }

    /** The pool that the block is free in. */
    Optional<Placed> place(Cidr block) {
        for (Range range : ranges) {
            if (range.overlaps(block) && range.space().isFree(block)) {
                return Optional.of(new Placed(range.pool(), block));
            }
        }
        return Optional.empty();
    }

    /** The best fit of the first range that has one: ranges are in the order in which their user prefers them. */
    Optional<Placed> bestFit(Family family, int prefixLength) {
        for (Range range : ranges) {
            if (range.space().range().family() == family) {
                Optional<Cidr> best = range.space().bestFit(prefixLength);
                if (best.isPresent()) {
                    return Optional.of(new Placed(range.pool(), best.get()));
                }
            }
        }
        return Optional.empty();
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
