// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.ledger.ExposureReplica.Habit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What {@link LedgerSimulationTest} does to blocks, done to the addresses of exposures: Services come back under other
 * addresses, IPs go by way of a finalizer and come back during the cool-down, and a controller may not see yet what an IP
 * points at.
 */
class ExposureSimulationTest {
    private static final int SEEDS_OF_A_LONG_RUN = 100_000;

    @Test
    void neverGrantsTwiceNeverMovesNeverLeaks() {
        Stories.hold(ExposureSimulationTest.class, Stories.SEEDS, seed -> new ExposureStory(seed, Habit.GOOD).play());
    }

    @Test
    @Tag("long")
    void holdsForManyMoreSeeds() {
        Stories.hold(
                ExposureSimulationTest.class, SEEDS_OF_A_LONG_RUN, seed -> new ExposureStory(seed, Habit.GOOD).play());
    }

    /** Each rule that {@link ExposureLedger} insists on has its reason: without it the same stories go wrong. */
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "GOOD")
    void goesWrongWithABadHabit(Habit habit) {
        Stories.fail(Stories.SEEDS, seed -> new ExposureStory(seed, habit).play());
    }
}
