// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.allocate.AddressBlock;
import dev.hawser.ipam.allocate.BlockSpace;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.Random;

/** The structures below the ledgers beside a bit, or a number, for every address. */
final class RawOracles {
    private RawOracles() {}

    /** A range of 256 addresses and its free blocks. */
    static final class Blocks implements Oracle {
        private static final Cidr RANGE = Cidr.parse("2001:db8::ab00/120");
        private static final int SIZE = 256;

        private final Random random;
        private final BlockSpace space = new BlockSpace(RANGE);
        private final BitSet free = new BitSet(SIZE);

        Blocks(Random random) {
            this.random = random;
            free.set(0, SIZE);
        }

        @Override
        public void operate() {
            int length = 1 + random.nextInt(8);
            int size = SIZE >> length;
            int first = random.nextInt(1 << length) * size;
            Cidr block = Cidr.of(RANGE.network().plus(first), RANGE.prefixLength() + length);
            boolean wasFree = free.nextClearBit(first) >= first + size;
            Oracle.same(space.isFree(block), wasFree, block + " free");
            if (random.nextInt(5) < 3) {
                int before = free.cardinality();
                free.clear(first, first + size);
                BigInteger removed =
                        space.withhold(block).stream().map(Cidr::size).reduce(BigInteger.ZERO, BigInteger::add);
                Oracle.same(removed, BigInteger.valueOf(before - free.cardinality()), "what was withheld");
            } else {
                space.release(block);
                free.set(first, first + size);
            }
            Oracle.same(space.freeAddresses(), BigInteger.valueOf(free.cardinality()), "what is free");
            Oracle.same(space.bestFit(block.prefixLength()), bestFit(length), "the best fit");
        }

        /** The smallest that is not part of a larger one, of aligned free blocks from the wanted size up. */
        private Optional<Cidr> bestFit(int length) {
            for (int candidate = length; candidate >= 0; candidate--) {
                int size = SIZE >> candidate;
                for (int offset = 0; offset < SIZE; offset += size) {
                    int parent = offset / (2 * size) * 2 * size;
                    boolean maximal = candidate == 0 || free.nextClearBit(parent) < parent + 2 * size;
                    if (maximal && free.nextClearBit(offset) >= offset + size) {
                        return Optional.of(Cidr.of(RANGE.network().plus(offset), RANGE.prefixLength() + length));
                    }
                }
            }
            return Optional.empty();
        }
    }

    /** The single addresses of a range that is wide enough for two levels of its bitmap. */
    static final class Addresses implements Oracle {
        private enum State {
            FREE,
            COOLING,
            TAKEN
        }

        private static final Cidr RANGE = Cidr.parse("255.255.240.0/21");
        private static final int END = (1 << 11) - 1;

        private final Random random;
        private final AddressBlock block = new AddressBlock(RANGE);
        private final State[] states = new State[END];
        private int lowest = 2;

        Addresses(Random random) {
            this.random = random;
            Arrays.fill(states, State.FREE);
        }

        @Override
        public void operate() {
            // Low addresses are named more often, so that the next lowest one jumps about.
            int offset = random.nextInt(1 + random.nextInt(END + 1));
            IpAddress address = RANGE.network().plus(offset);
            boolean grantable = offset >= 2 && offset < END;
            State state = grantable ? states[offset] : State.TAKEN;
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> takeLowest();
                case 3 -> {
                    Oracle.same(block.take(address), state != State.TAKEN, "the taking");
                    put(offset, grantable, State.TAKEN);
                }
                case 4 -> {
                    block.cool(address);
                    put(offset, grantable && state == State.FREE, State.COOLING);
                }
                default -> {
                    Oracle.same(block.release(address), grantable && state == State.TAKEN, "the release");
                    put(offset, grantable, State.FREE);
                }
            }
            Oracle.same(block.isFree(address), grantable && states[offset] != State.TAKEN, "free");
            Oracle.same(block.free(), END - 2 - block.used(), "the sum");
        }

        private void takeLowest() {
            while (lowest < END && states[lowest] != State.FREE) {
                lowest++;
            }
            Optional<IpAddress> expected =
                    lowest < END ? Optional.of(RANGE.network().plus(lowest)) : Optional.empty();
            Oracle.same(block.takeLowest(), expected, "the lowest");
            put(lowest, lowest < END, State.TAKEN);
        }

        private void put(int offset, boolean applies, State state) {
            if (applies) {
                states[offset] = state;
                lowest = Math.min(lowest, offset);
            }
        }
    }
}
