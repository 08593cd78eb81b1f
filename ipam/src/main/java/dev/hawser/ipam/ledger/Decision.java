// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What comes of a {@link Request}. Immutable. */
public sealed interface Decision {
    /** What was asked. */
    Request request();

    /**
     * The block is the owner's and an intent protects it; the object must be written once the intents are.
     *
     * @param request what was asked
     * @param block the block
     * @param insteadOfWanted why it is not the wanted one; empty if it is
     */
    record Granted(Request request, Cidr block, Optional<Obstacle> insteadOfWanted) implements Decision {}

    /**
     * The object records the grant; nothing is to be done.
     *
     * @param request what was asked
     * @param block the block, which may differ from what is wanted by now: grants never move
     */
    record AlreadyGranted(Request request, Cidr block) implements Decision {}

    /**
     * The request, or what its object records, collides with somebody.
     *
     * @param request what was asked
     * @param obstacle with whom, and what to do
     */
    record Conflict(Request request, Obstacle obstacle) implements Decision {}

    /**
     * No pool has a free block of the length.
     *
     * @param request what was asked
     * @param pools how full they are, in the request's family
     */
    record Exhausted(Request request, List<PoolUsage> pools) implements Decision {
        public Exhausted {
            pools = List.copyOf(pools);
        }

        /** The whole sentence, with the next step. */
        public String reason() {
            int length = request.wanted().prefixLength();
            String figures = pools.isEmpty()
                    ? "no Pool has a range of this family"
                    : pools.stream().map(PoolUsage::toString).collect(Collectors.joining("; "));
            return "no free /" + length + " for the " + request.owner() + ": " + figures
                    + "; add a range to a Pool or remove peers that are gone";
        }
    }
}
