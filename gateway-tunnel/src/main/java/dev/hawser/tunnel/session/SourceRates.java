// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many handshake messages each source may still send: twenty per second, five at once, as in wireguard-go. An IPv6 source is
 * its /64, since its owner has all of them. The table is bounded; who was silent longest is forgotten first. Confined to the
 * control thread.
 */
final class SourceRates {
    static final int CAPACITY = 4096;

    private static final long FULL = ProtocolLimits.SOURCE_BURST * ProtocolLimits.SOURCE_SPACING;

    private final Map<IpAddress, Bucket> buckets = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<IpAddress, Bucket> eldest) {
            return size() > CAPACITY;
        }
    };

    /** Time a source has saved up to spend on messages. */
    private static final class Bucket {
        private long credit = FULL;
        private long at;

        private Bucket(long at) {
            this.at = at;
        }
    }

    /** Whether a source may have one more message followed. */
    boolean allows(IpAddress source, long now) {
        Bucket bucket = buckets.computeIfAbsent(owner(source), _ -> new Bucket(now));
        bucket.credit = Math.min(bucket.credit + now - bucket.at, FULL);
        bucket.at = now;
        if (bucket.credit < ProtocolLimits.SOURCE_SPACING) {
            return false;
        }
        bucket.credit -= ProtocolLimits.SOURCE_SPACING;
        return true;
    }

    int size() {
        return buckets.size();
    }

    private static IpAddress owner(IpAddress source) {
        return source.family() == Family.IPV6 ? new IpAddress(Family.IPV6, source.high(), 0) : source;
    }
}
