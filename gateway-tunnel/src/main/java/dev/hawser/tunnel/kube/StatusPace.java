// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionStatus;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * When a Connection's status is worth a write: a change of phase or generation at once, other words after a second, mere
 * numbers every two seconds in the first minute of being connected and every ten otherwise, with many Connections more
 * seldom. Many gateways share an API server. Pure; times are nanoseconds of one monotonic clock.
 *
 * @param connections how many share the pace
 */
record StatusPace(int connections) {
    private static final long WORDS = Duration.ofSeconds(1).toNanos();
    private static final long NUMBERS_AT_FIRST = Duration.ofSeconds(2).toNanos();
    private static final long FIRST = Duration.ofMinutes(1).toNanos();
    private static final long NUMBERS = Duration.ofSeconds(10).toNanos();
    /** So many write their numbers at the full pace; of more, as many per second. */
    private static final int FEW = 20;

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

    boolean due(Optional<Written> before, ConnectionStatus next, long now) {
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
        return elapsed >= numbers(last, now) && !old.equals(next);
    }

    private long numbers(Written last, long now) {
        ConnectionPhase phase = last.status().phase();
        boolean talking = phase == ConnectionPhase.Connected || phase == ConnectionPhase.Degraded;
        boolean fresh = talking && now - last.phaseSince() < FIRST;
        return (fresh ? NUMBERS_AT_FIRST : NUMBERS) * Math.ceilDiv(Math.max(1, connections), FEW);
    }
}
