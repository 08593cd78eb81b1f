// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.Tai64n;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InitiationClockTest {
    private static final Instant NOON = Instant.parse("2026-02-03T12:00:00Z");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long SECOND = 1_000_000_000L;

    @Test
    void isMovedByTheMonotonicClockAlone() {
        InitiationClock clock = new InitiationClock(NOON, 0, Optional.empty());

        Tai64n first = clock.next(0);

        // Whatever somebody set the wall clock to meanwhile: it is not asked again.
        assertThat(clock.next(10 * SECOND)).isEqualTo(first.plusSeconds(10));
    }

    @Test
    void goesOnAboveWhatWasKeptAfterARestartWithAClockThatIsAnHourBehind() {
        Tai64n kept = new InitiationClock(NOON, 0, Optional.empty()).next(0).plusSeconds(240);

        InitiationClock restarted = new InitiationClock(NOON.minus(HOUR), 5, Optional.of(kept));

        Tai64n first = restarted.next(5);
        assertThat(first).isGreaterThan(kept);
        assertThat(restarted.next(6)).isGreaterThan(first);
    }

    @Test
    void comesBackFromAnHourAheadWithoutLockingAnybodyOut() {
        Tai64n ahead = new InitiationClock(NOON.plus(HOUR), 0, Optional.empty()).next(0);

        assertThat(new InitiationClock(NOON, 0, Optional.of(ahead)).next(0)).isGreaterThan(ahead);
    }
}
