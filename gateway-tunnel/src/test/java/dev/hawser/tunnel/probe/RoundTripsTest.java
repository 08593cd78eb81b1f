// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundTripsTest {
    private final RoundTrips trips = new RoundTrips();

    @Test
    void saysNothingOfNone() {
        assertThat(trips.count()).isZero();
        assertThat(trips.seconds(0.5)).isNaN();
    }

    @Test
    void knowsEveryShareToOnePercent() {
        long[] nanos = new Random(3).longs(10_000, 50_000, 900_000_000).toArray();
        Arrays.stream(nanos).forEach(trips::took);
        Arrays.sort(nanos);

        assertThat(trips.count()).isEqualTo(nanos.length);
        for (double share : new double[] {0.5, 0.9, 0.99, 0.999, 1}) {
            double exact = nanos[(int) Math.ceil(share * nanos.length) - 1] / 1e9;
            assertThat(trips.seconds(share)).isCloseTo(exact, within(0.01 * exact));
        }
    }

    @Test
    void countsWhatIsBeyondItsEndsAtThem() {
        trips.took(0);
        trips.took(Long.MAX_VALUE);

        assertThat(trips.seconds(0)).isCloseTo(1e-6, within(1e-7));
        assertThat(trips.seconds(1)).isCloseTo(4, within(0.05));
    }
}
