// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.allocate;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The free part of one range, kept as a buddy system: disjoint blocks, two free halves always merged into their parent.
 * So its state is a function of the set of free addresses, whatever the order of calls was. Every operation costs at
 * most one tree operation per prefix bit. Not safe for concurrent use.
 */
public final class BlockSpace {
    private final Cidr range;
    private final NavigableSet<Cidr> free = new TreeSet<>();
    /** The same blocks by prefix length, for the best fit; only lengths that occur. */
    private final NavigableMap<Integer, NavigableSet<Cidr>> freeByLength = new TreeMap<>();

    /** A space in which the whole range is free. */
    public BlockSpace(Cidr range) {
        this.range = range;
        add(range);
    }

    /** A space with the same blocks free. */
    public BlockSpace(BlockSpace other) {
        this.range = other.range;
        this.free.addAll(other.free);
        other.freeByLength.forEach((length, blocks) -> freeByLength.put(length, new TreeSet<>(blocks)));
    }

    /** The range that this space was made of. */
    public Cidr range() {
        return range;
    }

    /** The number of free addresses. */
    public BigInteger freeAddresses() {
        BigInteger sum = BigInteger.ZERO;
        for (NavigableSet<Cidr> blocks : freeByLength.values()) {
            sum = sum.add(blocks.first().size().multiply(BigInteger.valueOf(blocks.size())));
        }
        return sum;
    }

    /** The prefix length of the largest block that {@link #bestFit} could give; empty if nothing is free. */
    public OptionalInt largestFreeLength() {
        return freeByLength.isEmpty() ? OptionalInt.empty() : OptionalInt.of(freeByLength.firstKey());
    }

    /** Whether every address of the block is in the range and free. */
    public boolean isFree(Cidr block) {
        return freeBlockAround(block) != null;
    }

    /**
     * The block of this length that wastes least: the lowest one inside the smallest free block that is large enough, and
     * of several such free blocks inside the lowest. So the neighbourhood of what is taken fills before a large block is
     * split. The block stays free until it is withheld.
     */
    public Optional<Cidr> bestFit(int prefixLength) {
        return Optional.ofNullable(freeByLength.floorEntry(prefixLength))
                .map(candidates -> Cidr.of(candidates.getValue().first().network(), prefixLength));
    }

    /**
     * Makes every address of the block taken. Addresses outside the range or already taken are no error, so that facts
     * (a node's route, somebody's hand-made object) can be recorded as they are.
     *
     * @return the blocks that were free until now; releasing them undoes this call
     */
    public List<Cidr> withhold(Cidr block) {
        Cidr around = freeBlockAround(block);
        if (around != null) {
            remove(around);
            for (Cidr half = block; !half.equals(around); half = half.parent()) {
                add(half.sibling());
            }
            return List.of(block);
        }
        List<Cidr> inside = freeBlocksInside(block);
        inside.forEach(this::remove);
        return inside;
    }

    /**
     * Makes every address of the block free.
     *
     * @throws AddressException if the block is not inside the range
     */
    public void release(Cidr block) {
        if (!range.contains(block)) {
            throw new AddressException(block + " is not inside " + range + "; release a block where it was taken from");
        }
        if (isFree(block)) {
            return;
        }
        freeBlocksInside(block).forEach(this::remove);
        Cidr whole = block;
        while (whole.prefixLength() > range.prefixLength() && free.contains(whole.sibling())) {
            remove(whole.sibling());
            whole = whole.parent();
        }
        add(whole);
    }

    /** Free blocks are disjoint, so only the nearest one that begins at or before the block can hold it. */
    private @Nullable Cidr freeBlockAround(Cidr block) {
        Cidr nearest = free.floor(block);
        return nearest != null && nearest.contains(block) ? nearest : null;
    }

    private List<Cidr> freeBlocksInside(Cidr block) {
        return new ArrayList<>(free.subSet(block, true, Cidr.host(block.last()), true));
    }

    private void add(Cidr block) {
        free.add(block);
        freeByLength
                .computeIfAbsent(block.prefixLength(), length -> new TreeSet<>())
                .add(block);
    }

    private void remove(Cidr block) {
        free.remove(block);
        freeByLength.computeIfPresent(block.prefixLength(), (length, blocks) -> {
            blocks.remove(block);
            return blocks.isEmpty() ? null : blocks;
        });
    }
}
