// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.Tai64n;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The time stamps of this gateway's initiations: the wall clock of its start carried on by the monotonic clock, and never behind
 * the last one, so that a clock that was stepped back locks nobody out.
 *
 * <p>{@link #next} by the control thread; {@link #last} by any, to keep it over a restart.
 */
public final class InitiationClock {
    private final Instant anchor;
    private final long anchorNanos;
    private volatile @Nullable Tai64n last;

    /**
     * A clock that agrees with the wall clock now.
     *
     * @param anchor the wall clock's time
     * @param anchorNanos the monotonic clock's time at the same moment
     * @param last the last label sent before a restart, if it was kept
     */
    public InitiationClock(Instant anchor, long anchorNanos, Optional<Tai64n> last) {
        this.anchor = anchor;
        this.anchorNanos = anchorNanos;
        this.last = last.orElse(null);
    }

    Tai64n next(long now) {
        Tai64n label = Tai64n.next(anchor.plusNanos(now - anchorNanos), last);
        last = label;
        return label;
    }

    /** The greatest label handed out so far. */
    public Optional<Tai64n> last() {
        return Optional.ofNullable(last);
    }
}
