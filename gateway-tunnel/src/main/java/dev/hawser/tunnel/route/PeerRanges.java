// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import dev.hawser.ipam.remap.Remap;
import java.util.List;

/**
 * A peer's ranges, pod and external alike.
 *
 * <p>While a true range of the peer changes, the old and the new one stand here with the same remapped range: packets are taken
 * from both and go to the one that stands later.
 *
 * @param peer cluster ID
 * @param ranges each from the peer's true range to the remapped one under which it is known here
 */
public record PeerRanges(String peer, List<Remap> ranges) {
    /** Copies the list. */
    public PeerRanges {
        ranges = List.copyOf(ranges);
    }
}
