// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.SimulatedNetwork.Fate;
import dev.hawser.ipam.ledger.SimulatedReplica.Habit;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two controllers that both believe to lead, on one API server, interleaved at every single call, killed at any of them,
 * their watches late, their writes refused, lost or late, while objects come and go and people write into them. A seed is a
 * whole story: it replays exactly.
 */
class LedgerSimulationTest {
    private static final int SEEDS_OF_A_LONG_RUN = 100_000;

    @Test
    void neverGrantsTwiceNeverMovesNeverLeaks() {
        Stories.hold(LedgerSimulationTest.class, Stories.SEEDS, seed -> new BlockStory(seed, Habit.GOOD).play());
    }

    @Test
    @Tag("long")
    void holdsForManyMoreSeeds() {
        Stories.hold(LedgerSimulationTest.class, SEEDS_OF_A_LONG_RUN, seed -> new BlockStory(seed, Habit.GOOD).play());
    }

    /** Each rule that {@link Ledger} insists on has its reason: without it the same stories go wrong. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"GOOD", "DROPS_SECOND_PROMISES"})
    void goesWrongWithABadHabit(Habit habit) {
        Stories.fail(Stories.SEEDS, seed -> new BlockStory(seed, habit).play());
    }

    /** It takes two controllers, two pools, a third owner and a late write, all at once. */
    @Test
    @Tag("long")
    void goesWrongInOneOfManyMoreSeedsIfSecondPromisesAreDropped() {
        Stories.fail(SEEDS_OF_A_LONG_RUN, seed -> new BlockStory(seed, Habit.DROPS_SECOND_PROMISES).play());
    }

    /** One controller dies at each of its calls, whatever becomes of that call; another one finishes. */
    @Test
    void finishesWhereverAControllerDied() {
        Rounds calm = new Rounds(Integer.MAX_VALUE, Fate.ARRIVES);
        assertThat(calm.play()).isEmpty();
        assertThat(calm.writes())
                .as("two promises, five objects, two promises cleared")
                .isEqualTo(9);

        for (int write = 0; write < calm.writes(); write++) {
            for (Fate fate : Fate.values()) {
                assertThat(new Rounds(write, fate).play())
                        .as("death at write %d, which %s", write, fate)
                        .isEmpty();
            }
        }
    }

    /** A controller that grants five blocks out of two pools, and its successor. */
    private static final class Rounds {
        private final int lastWrite;
        private final SimulatedApiServer server = new SimulatedApiServer(BlockStory.POOLS, true);
        private int writes;

        private final SimulatedNetwork network;
        private boolean dead;

        Rounds(int lastWrite, Fate fate) {
            this.lastWrite = lastWrite;
            this.network = new SimulatedNetwork(() -> {
                dead = writes++ == lastWrite;
                return dead ? fate : Fate.ARRIVES;
            });
        }

        int writes() {
            return writes;
        }

        Optional<String> play() {
            IntStream.range(0, 5)
                    .forEach(i -> server.create(
                            "object " + i, new Owner("Peering", "c" + i, Role.POD, Cidr.parse("10.0.0.0/28"))));
            SimulatedReplica first = new SimulatedReplica(BlockStory.POOLS, Habit.GOOD, server, network);
            while (!dead && !first.resting()) {
                first.step();
            }
            SimulatedReplica second = new SimulatedReplica(BlockStory.POOLS, Habit.GOOD, server, network);
            // What the dead one sent last may arrive in the middle of the work of the next.
            for (int step = 0; step < lastWrite % 7; step++) {
                second.step();
            }
            network.calm();
            return new BlockStory(server, network, List.of(second)).ending();
        }
    }
}
