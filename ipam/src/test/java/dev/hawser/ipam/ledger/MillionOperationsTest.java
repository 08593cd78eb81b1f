// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A million random operations beside slow and obvious stand-ins. A seed has a life of its own and replays exactly. */
class MillionOperationsTest {
    private static final long AT_LEAST = 1_000_000;
    private static final int OPERATIONS_OF_A_LIFE = 250;
    private static final LongAdder DONE = new LongAdder();

    enum Subject {
        /** Allocations, releases, restarts in another order, conflicts and crashes. */
        BLOCKS_OF_OWNERS(100_000),
        /** The same and Services that come back under another address. */
        ADDRESSES_OF_EXPOSURES(150_000),
        FREE_BLOCKS(300_000),
        FREE_ADDRESSES(450_000);

        private final int operations;

        Subject(int operations) {
            this.operations = operations;
        }

        Oracle born(Random random) {
            return switch (this) {
                case BLOCKS_OF_OWNERS -> new GrantOracle(random);
                case ADDRESSES_OF_EXPOSURES -> new AddressOracle(random);
                case FREE_BLOCKS -> new RawOracles.Blocks(random);
                case FREE_ADDRESSES -> new RawOracles.Addresses(random);
            };
        }
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithItsStandIn(Subject subject) {
        Stories.hold(
                MillionOperationsTest.class, subject.operations / OPERATIONS_OF_A_LIFE, seed -> life(subject, seed));
    }

    @AfterAll
    static void wereAMillion() {
        assumeThat(Stories.replays()).isFalse();
        assertThat(DONE.sum()).isGreaterThanOrEqualTo(AT_LEAST);
    }

    private static Optional<String> life(Subject subject, long seed) {
        Oracle oracle = subject.born(new Random(seed));
        for (int operation = 0; operation < OPERATIONS_OF_A_LIFE; operation++) {
            try {
                oracle.operate();
            } catch (AssertionError | RuntimeException different) {
                return Optional.of(subject + ", operation " + operation + ": " + different);
            }
            DONE.increment();
        }
        return Optional.empty();
    }
}
