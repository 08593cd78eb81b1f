// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import java.time.Duration;
import java.util.Optional;

/**
 * Whether a process lives, from looks at the Lease that it renews every second. Only changes count and only time during which
 * looks succeeded: neither a clock that is wrong nor an API server that was away makes anybody dead. Times are nanoseconds of
 * one monotonic clock; confined to one thread.
 */
public final class Pulse {
    /** So long without a change, seen by at least {@link #LOOKS} looks in a row. */
    static final long PATIENCE = Duration.ofSeconds(3).toNanos();

    static final int LOOKS = 4;

    private Optional<String> version = Optional.empty();
    private long since;
    private int looks;

    /**
     * Takes a look into account.
     *
     * @param present which version of the Lease stands there
     * @return whether it has stood there for so long that its holder must be dead
     */
    public boolean isGone(String present, long now) {
        if (version.filter(present::equals).isEmpty()) {
            version = Optional.of(present);
            since = now;
            looks = 0;
        }
        looks++;
        return looks > LOOKS && now - since >= PATIENCE;
    }

    /** Takes note that nothing could be seen: what was seen before proves nothing any more. */
    public void blind() {
        version = Optional.empty();
    }
}
