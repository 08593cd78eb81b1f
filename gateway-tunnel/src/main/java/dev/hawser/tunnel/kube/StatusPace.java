// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.networking.ConnectionStatus;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * When a Connection's status is worth a write: a change of phase or generation at once, other words after a second, mere
 * numbers every two seconds in the first minute of a phase and every ten after it. Many gateways share an API server.
 * Pure; times are nanoseconds of one monotonic clock.
 */
final class StatusPace {
    private static final long WORDS = Duration.ofSeconds(1).toNanos();
    private static final long NUMBERS_AT_FIRST = Duration.ofSeconds(2).toNanos();
    private static final long FIRST = Duration.ofMinutes(1).toNanos();
    private static final long NUMBERS = Duration.ofSeconds(10).toNanos();

    /**
     * What was written last.
     *
     * @param at when
     * @param phaseSince when a status of this phase was written first
     */
    record Written(ConnectionStatus status, long at, long phaseSince) {
        /** What stands there after another status was written. */
        static Written next(Optional<Written> before, ConnectionStatus status, long now) {
            boolean samePhase = before.filter(last -> last.status().phase() == status.phase())
                    .isPresent();
            return new Written(status, now, samePhase ? before.get().phaseSince() : now);
        }
    }

    private StatusPace() {}

    static boolean due(Optional<Written> before, ConnectionStatus next, long now) {
        if (before.isEmpty()) {
            return true;
        }
        Written last = before.get();
        ConnectionStatus old = last.status();
        if (old.phase() != next.phase() || !Objects.equals(old.observedGeneration(), next.observedGeneration())) {
            return true;
        }
        long elapsed = now - last.at();
        if (!Objects.equals(old.endpoint(), next.endpoint()) || !Objects.equals(old.message(), next.message())) {
            return elapsed >= WORDS;
        }
        long interval = now - last.phaseSince() < FIRST ? NUMBERS_AT_FIRST : NUMBERS;
        return elapsed >= interval && !old.equals(next);
    }
}
