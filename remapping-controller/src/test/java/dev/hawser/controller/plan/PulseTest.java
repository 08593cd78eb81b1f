// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PulseTest {
    private static final long LOOK = 500_000_000L;

    /** Shortly before the clock's numbers overflow, which they may. */
    private long now = Long.MAX_VALUE - 2 * LOOK;

    private final Pulse pulse = new Pulse();

    @Test
    void isGoneThreeSecondsAfterTheLastChange() {
        assertThat(look("1")).isFalse();
        assertThat(look("2")).isFalse();
        for (int i = 0; i < 5; i++) {
            assertThat(look("2")).isFalse();
        }
        assertThat(look("2")).isTrue();
        assertThat(look("3")).isFalse();
    }

    @Test
    void countsOnlyTimeInWhichItCouldSee() {
        look("1");
        now += 60 * LOOK;
        assertThat(look("1")).as("one look after a pause proves nothing").isFalse();
        pulse.blind();
        for (int i = 0; i < 6; i++) {
            assertThat(look("1")).isFalse();
        }
        assertThat(look("1")).isTrue();
    }

    private boolean look(String version) {
        boolean gone = pulse.isGone(version, now);
        now += LOOK;
        return gone;
    }
}
