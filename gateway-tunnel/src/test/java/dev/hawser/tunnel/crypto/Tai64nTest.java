// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class Tai64nTest {
    @Test
    void writesTheLabelOfAMoment() {
        Tai64n label = Tai64n.next(Instant.ofEpochSecond(1_000_000_000, 50_331_650), null);

        assertThat(label.toBytes()).isEqualTo(Hex.bytes("400000003b9aca0a 03000000"));
        assertThat(Tai64n.parse(label.toBytes())).isEqualTo(label);
    }

    @Property(tries = 200)
    void alwaysGoesForwardWhateverTheClockDoes(
            @ForAll @LongRange(min = 0, max = 2_000_000_000L) long first,
            @ForAll @LongRange(min = 0, max = 2_000_000_000L) long second,
            @ForAll @IntRange(max = 999_999_999) int nanos) {
        Tai64n last = Tai64n.next(Instant.ofEpochSecond(first, nanos), null);

        Tai64n next = Tai64n.next(Instant.ofEpochSecond(second, nanos), last);

        assertThat(next).isGreaterThan(last);
        assertThat(Arrays.compareUnsigned(next.toBytes(), last.toBytes())).isPositive();
    }

    @Test
    void goesForwardWithinOneMoment() {
        Instant moment = Instant.ofEpochSecond(7, 999_999_999);
        Tai64n last = Tai64n.next(moment, null);

        for (int i = 0; i < 100; i++) {
            Tai64n next = Tai64n.next(moment, last);
            assertThat(next).isGreaterThan(last);
            last = next;
        }
    }
}
