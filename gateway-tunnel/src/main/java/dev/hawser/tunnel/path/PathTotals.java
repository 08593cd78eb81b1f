// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.route.DropReason;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * What loops did so far, over all queues: immutable, but for the moment in which it is read not exact across counters.
 *
 * @param packets inner packets that went through
 * @param bytes their bytes, IP headers included
 * @param drops packets that did not, by reason; reasons that never occurred are left out
 */
public record PathTotals(long packets, long bytes, Map<DropReason, Long> drops) {
    static PathTotals of(Collection<PathCounters> counters) {
        long packets = 0;
        long bytes = 0;
        Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
        for (PathCounters each : counters) {
            packets += each.packets();
            bytes += each.bytes();
            each.addDropsTo(drops);
        }
        return new PathTotals(packets, bytes, drops);
    }

    /** The drops of several, summed. */
    public static Map<DropReason, Long> drops(List<PathTotals> totals) {
        Map<DropReason, Long> sums = new EnumMap<>(DropReason.class);
        totals.forEach(each -> each.drops.forEach((reason, count) -> sums.merge(reason, count, Long::sum)));
        return sums;
    }
}
