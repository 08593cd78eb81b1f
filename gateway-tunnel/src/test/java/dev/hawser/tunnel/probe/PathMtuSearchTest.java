// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

/** Searches paths that swallow what is too large, in virtual time. */
class PathMtuSearchTest {
    private static final int DEVICE = 1420;
    private static final long MILLI = 1_000_000L;
    private static final long TICK = 100 * MILLI;
    private static final long PATIENCE = 300 * MILLI;
    private static final long TRIP = 20 * MILLI;

    /** Shortly before the clock's numbers overflow, which they may. */
    private final long start = Long.MAX_VALUE - 5_000_000_000L;

    private long now = start;
    private int path = DEVICE;
    private double loss;
    private boolean steady = true;
    private final Random random = new Random(1);
    private final List<ProbeMessage> sent = new ArrayList<>();
    private PathMtuSearch search = new PathMtuSearch(7, DEVICE, start);

    @Example
    void isDoneWithOneProbeWhereTheLargestPasses() {
        run(2 * TICK);

        assertThat(sent).extracting(ProbeMessage::size).containsExactly(DEVICE);
        assertThat(search.found()).hasValue(DEVICE);
    }

    @Example
    void findsTheLargestMultipleOfSixteenThatPassesWithinTwoAndAHalfSeconds() {
        path = 1400 - 60;

        long took = runUntilFound(1328);

        assertThat(took).isLessThanOrEqualTo(2_500 * MILLI);
        assertThat(search.mtu()).isEqualTo(1328);
    }

    @Example
    void noticesAPathThatBecomesSmallerWithinFiveSeconds() {
        run(10_000 * MILLI);
        path = 1280 - 60;

        long took = runUntilFound(1216);

        assertThat(took).isLessThanOrEqualTo(5_000 * MILLI);
    }

    @Example
    void triesLargerSizesAgainAfterAMinute() {
        path = 1340;
        run(10_000 * MILLI);
        assertThat(search.found()).hasValue(1328);
        path = DEVICE;

        long took = runUntilFound(DEVICE);

        assertThat(took).isLessThanOrEqualTo(PathMtuSearch.RAISE + 1_000 * MILLI);
    }

    @Example
    void knowsNothingOfAPeerThatAnswersNoSizeAndGoesOnAsking() {
        path = 0;
        run(4_000 * MILLI);
        assertThat(search.found()).isEmpty();
        assertThat(search.mtu()).isEqualTo(DEVICE);
        path = DEVICE;

        assertThat(runUntilFound(DEVICE)).isLessThanOrEqualTo(PathMtuSearch.AGAIN + 1_000 * MILLI);
    }

    @Example
    void doesNotTakeCongestionForASmallPath() {
        run(10_000 * MILLI);
        loss = 0.8;
        steady = false;
        run(60_000 * MILLI);
        assertThat(search.found()).hasValue(DEVICE);

        path = 1340;
        loss = 0;
        steady = true;

        assertThat(runUntilFound(1328)).isLessThanOrEqualTo(5_000 * MILLI);
    }

    @Example
    void keepsWhatIsInUseUntilANewSearchSaysOtherwise() {
        path = 1340;
        run(10_000 * MILLI);

        search.restart(now);

        assertThat(search.mtu()).isEqualTo(1328);
    }

    @Example
    void believesThisHostThatASizeIsTooLarge() {
        path = 1400;
        for (ProbeMessage probe : search.tick(PATIENCE, steady, now)) {
            search.cannotLeave(probe);
        }

        runUntilFound(1392);
        assertThat(search.mtu()).isEqualTo(1392);
    }

    @Example
    void countsAnAnswerOnceAndNoneThatWasNotAskedFor() {
        ProbeMessage probe = search.tick(PATIENCE, steady, now).getFirst();
        ProbeMessage larger = new ProbeMessage(ProbeMessage.Kind.SIZE_REPLY, 7, probe.sequence(), now, DEVICE + 80);
        ProbeMessage foreign = new ProbeMessage(ProbeMessage.Kind.SIZE_REPLY, 8, probe.sequence(), now, probe.size());

        assertThat(search.received(larger, now)).isFalse();
        assertThat(search.received(foreign, now)).isFalse();
        assertThat(search.received(probe, now)).isFalse();
        assertThat(search.received(probe.reply(), now)).isTrue();
        assertThat(search.received(probe.reply(), now)).isFalse();
    }

    @Property(tries = 300)
    void findsAnyPathOfAnyDevice(
            @ForAll @IntRange(min = PathMtuSearch.SMALLEST, max = 9000) int passes,
            @ForAll @IntRange(min = 1280, max = 8920) int device) {
        now = start;
        path = passes;
        loss = 0;
        sent.clear();
        search = new PathMtuSearch(7, device, start);

        run(10_000 * MILLI);

        int expected = passes >= device ? device : passes / 16 * 16;
        assertThat(search.found()).hasValue(expected);
        assertThat(sent.size()).isLessThan(110);
    }

    @Property(tries = 200)
    void neverUsesMoreThanPassesOnceItIsKnownHoweverMuchIsLost(
            @ForAll @IntRange(min = 1200, max = 1420) int passes,
            @ForAll @DoubleRange(max = 0.4) double lost,
            @ForAll long seed) {
        now = start;
        path = passes;
        loss = lost;
        random.setSeed(seed);
        search = new PathMtuSearch(7, DEVICE, start);

        for (int i = 0; i < 300; i++) {
            run(TICK);
            assertThat(search.found().orElse(0)).isLessThanOrEqualTo(passes);
        }
    }

    private long runUntilFound(int size) {
        long began = now;
        while (search.found().orElse(0) != size && now - began < 120_000 * MILLI) {
            run(TICK);
        }
        return now - began;
    }

    /** Lets time pass; what is not larger than the path is answered after a round trip, unless it is lost. */
    private void run(long nanos) {
        for (long until = now + nanos; until - now > 0; now += TICK) {
            List<ProbeMessage> probes = search.tick(PATIENCE, steady, now);
            sent.addAll(probes);
            probes.stream()
                    .filter(probe -> probe.size() <= path && random.nextDouble() >= loss)
                    .forEach(probe -> search.received(probe.reply(), now + TRIP));
        }
    }
}
