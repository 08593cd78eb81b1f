// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.allocate;

import java.util.Arrays;

/**
 * The places 0 to 2^24 - 1, each set or clear. Four levels of words, where a set bit of an upper level says that all 64 of
 * the word below it are set: so the lowest clear place is found in four steps however many are set. Its memory grows with
 * the highest place that was set, to two MiB. Not safe for concurrent use.
 */
final class SummedBitmap {
    static final int PLACE_BITS = 24;
    static final int PLACES = 1 << PLACE_BITS;

    private static final int LEVELS = 4;
    private static final int WORD_BITS = 6;
    private static final long FULL = -1L;

    /** The places themselves first, the single word that sums up everything last. */
    private final long[][] levels = new long[LEVELS][1];

    void set(int place) {
        int bit = place;
        for (int level = 0; level < LEVELS; level++) {
            int index = bit >>> WORD_BITS;
            long[] words = grown(level, index);
            words[index] |= 1L << bit;
            if (words[index] != FULL) {
                return;
            }
            bit = index;
        }
    }

    void clear(int place) {
        int bit = place;
        for (int level = 0; level < LEVELS; level++) {
            int index = bit >>> WORD_BITS;
            long before = word(level, index);
            if (before == 0) {
                return;
            }
            levels[level][index] = before & ~(1L << bit);
            if (before != FULL) {
                return;
            }
            bit = index;
        }
    }

    /** The lowest place that is clear; {@link #PLACES} if none is. */
    int lowestClear() {
        int place = 0;
        for (int level = LEVELS - 1; level >= 0; level--) {
            long word = word(level, place);
            if (word == FULL) {
                return PLACES;
            }
            place = place << WORD_BITS | Long.numberOfTrailingZeros(~word);
        }
        return place;
    }

    private long word(int level, int index) {
        long[] words = levels[level];
        return index < words.length ? words[index] : 0;
    }

    private long[] grown(int level, int index) {
        if (index >= levels[level].length) {
            levels[level] = Arrays.copyOf(levels[level], Integer.highestOneBit(index) * 2);
        }
        return levels[level];
    }
}
