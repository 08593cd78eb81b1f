// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import org.HdrHistogram.PackedHistogram;

/**
 * Every round trip of a peer's probes since it was first configured, as a histogram: what a minute's median does not show is
 * the one trip in a thousand. Two significant digits, from a microsecond to four seconds, in a few kilobytes. Safe for any
 * thread.
 */
public final class RoundTrips {
    private static final long LONGEST_MICROS = 4_000_000;
    private static final int DIGITS = 2;
    private static final double MICROS_PER_SECOND = 1e6;

    private final PackedHistogram micros = new PackedHistogram(LONGEST_MICROS, DIGITS);

    /** Counts one. */
    synchronized void took(long nanos) {
        micros.recordValue(Math.clamp(nanos / 1_000, 1, LONGEST_MICROS));
    }

    /** How many were counted. */
    public synchronized long count() {
        return micros.getTotalCount();
    }

    /**
     * The time in which a share of them were back.
     *
     * @param share 0 to 1; 1 is the longest
     * @return seconds, or not a number if there was none
     */
    public synchronized double seconds(double share) {
        return micros.getTotalCount() == 0 ? Double.NaN : micros.getValueAtPercentile(100 * share) / MICROS_PER_SECOND;
    }
}
