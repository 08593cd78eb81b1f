// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.route.DropReason;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What one loop did for one peer, or for none: packets, bytes, and drops by reason.
 *
 * <p><b>Threads:</b> one thread counts, any reads. A count is a plain read and an opaque write, so it costs no more than an ordinary
 * field; unused words on both sides keep the counters of the two loops on different cache lines.
 */
public final class PathCounters {
    private static final int CACHE_LINE_WORDS = 16;
    private static final int PACKETS = CACHE_LINE_WORDS;
    private static final int BYTES = PACKETS + 1;

    private final AtomicLongArray words = new AtomicLongArray(BYTES + CACHE_LINE_WORDS);

    /** Complete from the start and never changed, so it is read without a lock. */
    private final Map<DropReason, AtomicLong> drops = new EnumMap<>(DropReason.class);

    PathCounters() {
        for (DropReason reason : DropReason.values()) {
            drops.put(reason, new AtomicLong());
        }
    }

    /** Counts packets that went through. */
    void passed(int packets, long bytes) {
        words.setOpaque(PACKETS, words.getPlain(PACKETS) + packets);
        words.setOpaque(BYTES, words.getPlain(BYTES) + bytes);
    }

    /** Counts a packet that did not. */
    void dropped(DropReason reason) {
        dropped(reason, 1);
    }

    /** Counts packets that did not. */
    void dropped(DropReason reason, int packets) {
        AtomicLong counter = drops.get(reason);
        if (counter != null) {
            counter.setOpaque(counter.getPlain() + packets);
        }
    }

    /** Inner packets that went through. */
    public long packets() {
        return words.getOpaque(PACKETS);
    }

    /** Their bytes, IP headers included. */
    public long bytes() {
        return words.getOpaque(BYTES);
    }

    /** Adds the drops that occurred to sums. */
    void addDropsTo(Map<DropReason, Long> sums) {
        drops.forEach((reason, counter) -> {
            long count = counter.getOpaque();
            if (count != 0) {
                sums.merge(reason, count, Long::sum);
            }
        });
    }
}
