// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Stories that follow from a seed alone, and how the one that went wrong is played again. */
final class Stories {
    /** How many of them an ordinary test run plays. */
    static final int SEEDS = Integer.getInteger("hawser.simulation.seeds", 10_000);

    private static final @Nullable Long ONLY = Long.getLong("hawser.simulation.seed");

    private Stories() {}

    /** Whether one story is played again and no other. */
    static boolean replays() {
        return ONLY != null;
    }

    /** Plays the stories of that many seeds, or the one that is asked for; the lowest seed that fails is told. */
    static void hold(Class<?> test, long seeds, LongFunction<Optional<String>> story) {
        LongStream played = ONLY == null ? LongStream.range(0, seeds) : LongStream.of(ONLY);

        Optional<String> broken = played.parallel()
                .mapToObj(seed -> story.apply(seed).map(what -> told(test, seed, what)))
                .flatMap(Optional::stream)
                .findFirst();

        assertThat(broken).isEmpty();
    }

    /** That some story fails: a simulation in which nothing can go wrong shows nothing. */
    static void fail(long seeds, LongFunction<Optional<String>> story) {
        assertThat(LongStream.range(0, seeds)
                        .parallel()
                        .anyMatch(seed -> story.apply(seed).isPresent()))
                .isTrue();
    }

    private static String told(Class<?> test, long seed, String what) {
        return "seed %d: %s; play it again: lab/setup/maven.sh test -pl ipam -am -Dtest=%s -Dsurefire.failIfNoSpecifiedTests=false -Dhawser.simulation.seed=%d"
                .formatted(seed, what, test.getSimpleName(), seed);
    }
}
