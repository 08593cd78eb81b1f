// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import java.util.concurrent.TimeUnit;

/**
 * How many lines may be logged about those who got no place: they come as often as they like, and must not fill the log.
 * Safe for any thread.
 */
final class LineBudget {
    static final int PER_SECOND = 50;
    /** There is no line left in this second. */
    static final long NONE = -1;

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private boolean begun;
    private long begin;
    private int lines;
    private long omitted;

    /**
     * Asks for a line.
     *
     * @param now of any monotonic clock, in nanoseconds
     * @return how many lines were omitted since the last one, or {@link #NONE} where this one is to be, too
     */
    synchronized long line(long now) {
        if (!begun || now - begin >= SECOND) {
            begun = true;
            begin = now;
            lines = 0;
        }
        if (lines == PER_SECOND) {
            omitted++;
            return NONE;
        }
        lines++;
        long before = omitted;
        omitted = 0;
        return before;
    }
}
