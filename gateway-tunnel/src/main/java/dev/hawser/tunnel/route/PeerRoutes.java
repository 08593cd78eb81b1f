// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import dev.hawser.ipam.address.Family;
import org.jspecify.annotations.Nullable;

/**
 * One peer within a {@link Routes} snapshot: its name, its place there, and its true ranges.
 *
 * <p>Immutable; safe for any thread.
 */
public final class PeerRoutes {
    private final String id;
    private final int index;
    private final PrefixTable<AddressRewrite> trueRanges;

    PeerRoutes(String id, int index, PrefixTable<AddressRewrite> trueRanges) {
        this.id = id;
        this.index = index;
        this.trueRanges = trueRanges;
    }

    /** The peer's cluster ID. */
    public String id() {
        return id;
    }

    /** Its position among the peers of the snapshot, from 0. */
    public int index() {
        return index;
    }

    /** From a true address of the peer to its local view, or null when the address is not the peer's. */
    @Nullable
    AddressRewrite toLocalView(Family family, long high, long low) {
        return trueRanges.find(family, high, low);
    }
}
