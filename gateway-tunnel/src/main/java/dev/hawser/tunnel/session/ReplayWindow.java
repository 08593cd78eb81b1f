// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import java.util.Arrays;

/**
 * The record of which counters were received, after RFC 6479: a ring of 64-bit words in which advancing clears whole words
 * instead of shifting bits.
 *
 * <p>8192 bits, of which 8128 are usable because the newest word is only partly valid; as large as in the Linux kernel, since
 * parallel senders reorder that much. For one thread at a time.
 */
public final class ReplayWindow {
    /** A counter this far or farther behind the greatest is too old. */
    public static final int SIZE = 8192 - Long.SIZE;

    private static final int WORDS = 128;
    private static final int WORD_SHIFT = 6;
    private static final int WORD_MASK = WORDS - 1;

    private final long[] ring = new long[WORDS];
    private long greatest;

    /**
     * Records a counter of an authenticated packet; before authentication anybody could move the window.
     *
     * @param counter unsigned
     * @return false if it was received before, is too old to tell, or is beyond what a session may use
     */
    public boolean accept(long counter) {
        if (Long.compareUnsigned(counter, ProtocolLimits.REJECT_AFTER_MESSAGES) >= 0) {
            return false;
        }
        long word = counter >>> WORD_SHIFT;
        if (Long.compareUnsigned(counter, greatest) > 0) {
            advance(word);
            greatest = counter;
        } else if (Long.compareUnsigned(greatest - counter, SIZE) >= 0) {
            return false;
        }
        int slot = (int) word & WORD_MASK;
        long bit = 1L << counter;
        boolean fresh = (ring[slot] & bit) == 0;
        ring[slot] |= bit;
        return fresh;
    }

    private void advance(long word) {
        long current = greatest >>> WORD_SHIFT;
        long steps = word - current;
        if (steps >= WORDS) {
            Arrays.fill(ring, 0);
            return;
        }
        for (long i = 1; i <= steps; i++) {
            ring[(int) (current + i) & WORD_MASK] = 0;
        }
    }
}
