// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Longest-prefix match over both families.
 *
 * <p>Nested prefixes are flattened once into disjoint intervals, so a look-up is one binary search over two arrays of longs
 * and allocates nothing. Immutable; safe for any thread.
 *
 * @param <V> what a prefix leads to
 */
public final class PrefixTable<V> {
    private final Intervals<V> ipv4;
    private final Intervals<V> ipv6;

    private PrefixTable(Intervals<V> ipv4, Intervals<V> ipv6) {
        this.ipv4 = ipv4;
        this.ipv6 = ipv6;
    }

    /** The table of these prefixes; of two nested ones the longer wins. */
    public static <V> PrefixTable<V> of(Map<Cidr, V> prefixes) {
        return new PrefixTable<>(intervals(prefixes, Family.IPV4), intervals(prefixes, Family.IPV6));
    }

    /** What the longest prefix around the address leads to, or null. */
    public @Nullable V find(Family family, long high, long low) {
        return (family == Family.IPV4 ? ipv4 : ipv6).find(high, low);
    }

    /** As {@link #find(Family, long, long)}. */
    public @Nullable V find(IpAddress address) {
        return find(address.family(), address.high(), address.low());
    }

    private record Open<V>(IpAddress last, V value) {}

    /** Sweeps over the sorted prefixes; the stack holds those around the present position, the innermost on top. */
    private static <V> Intervals<V> intervals(Map<Cidr, V> prefixes, Family family) {
        // Cidr order puts an outer prefix before the inner ones that begin at the same address.
        TreeMap<Cidr, V> sorted = new TreeMap<>(prefixes);
        sorted.keySet().removeIf(cidr -> cidr.family() != family);
        TreeMap<IpAddress, @Nullable V> starts = new TreeMap<>();
        Deque<Open<V>> around = new ArrayDeque<>();
        sorted.forEach((cidr, value) -> {
            closeUntil(cidr.first(), around, starts);
            around.push(new Open<>(cidr.last(), value));
            starts.put(cidr.first(), value);
        });
        closeUntil(null, around, starts);
        return new Intervals<>(starts);
    }

    /** Ends every interval that lies before the position; null stands for the end of the address space. */
    private static <V> void closeUntil(
            @Nullable IpAddress position, Deque<Open<V>> around, NavigableMap<IpAddress, @Nullable V> starts) {
        while (!around.isEmpty() && (position == null || around.element().last().compareTo(position) < 0)) {
            IpAddress last = around.pop().last();
            Cidr everything = Cidr.enclosing(last, 0);
            if (!last.equals(everything.last())) {
                Open<V> outer = around.peek();
                starts.put(last.plus(1), outer == null ? null : outer.value());
            }
        }
    }

    /**
     * Disjoint intervals by their first address; each reaches to the next one's.
     *
     * <p>A directory over the 64 bits in which they differ leads to the one or two that can hold an address, so that ten
     * thousand ranges, granted side by side from a pool, cost what ten do. Where they lie unevenly, a binary search is left.
     */
    private static final class Intervals<V> {
        /** So few are searched faster than a directory is read. */
        private static final int FEW = 8;

        private final long[] high;
        private final long[] low;
        private final List<@Nullable V> values;
        private final boolean byHigh;
        private final long least;
        private final int shift;
        private final int[] directory;

        Intervals(NavigableMap<IpAddress, @Nullable V> starts) {
            high = new long[starts.size()];
            low = new long[starts.size()];
            values = new ArrayList<>(starts.size());
            int at = 0;
            for (Map.Entry<IpAddress, @Nullable V> start : starts.entrySet()) {
                high[at] = start.getKey().high();
                low[at] = start.getKey().low();
                values.add(start.getValue());
                at++;
            }
            byHigh = at > 0 && high[0] != high[at - 1];
            long[] keys = byHigh ? high : low;
            least = at > 0 ? keys[0] : 0;
            long span = at > 0 ? keys[at - 1] - least : 0;
            // At least as many entries as intervals, at most twice as many.
            shift = Math.max(
                    0, Long.SIZE - Long.numberOfLeadingZeros(span) - (Integer.SIZE - Integer.numberOfLeadingZeros(at)));
            directory = at <= FEW ? new int[0] : directory(keys, span);
        }

        /** For each stretch of addresses the number of intervals that begin before it; one entry more for the end. */
        private int[] directory(long[] keys, long span) {
            int[] numbers = new int[Math.toIntExact(span >>> shift) + 2];
            int interval = 0;
            for (int stretch = 0; stretch < numbers.length; stretch++) {
                while (interval < keys.length && (keys[interval] - least) >>> shift < stretch) {
                    interval++;
                }
                numbers[stretch] = interval;
            }
            return numbers;
        }

        @Nullable
        V find(long addressHigh, long addressLow) {
            int below = 0;
            int above = low.length;
            if (directory.length > 0 && (byHigh || addressHigh == high[0])) {
                long key = byHigh ? addressHigh : addressLow;
                if (Long.compareUnsigned(key, least) < 0) {
                    return null;
                }
                long stretch = (key - least) >>> shift;
                int last = directory.length - 2;
                int at = Long.compareUnsigned(stretch, last) < 0 ? (int) stretch : last;
                below = directory[at];
                above = directory[at + 1];
            }
            while (below < above) {
                int middle = (below + above) >>> 1;
                int order = byHigh
                        ? Long.compareUnsigned(high[middle], addressHigh)
                        : Long.compareUnsigned(high[0], addressHigh);
                if (order < 0 || (order == 0 && Long.compareUnsigned(low[middle], addressLow) <= 0)) {
                    below = middle + 1;
                } else {
                    above = middle;
                }
            }
            return below == 0 ? null : values.get(below - 1);
        }
    }
}
