// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.util.BitSet;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** Who holds which range, to name whoever is in the way. Ranges may nest. Mutable, for one thread. */
final class HolderIndex {
    private final NavigableMap<Cidr, String> holders = new TreeMap<>();
    /** The prefix lengths that occur, so that a look-up tries these and not all 129. */
    private final BitSet lengths = new BitSet();

    /** Records a holder; of two with the same range the first stays. */
    void put(Cidr range, String holder) {
        holders.putIfAbsent(range, holder);
        lengths.set(range.prefixLength());
    }

    /** A holder whose range overlaps the block: the widest around it, else the lowest inside. */
    Optional<Reservation> overlapping(Cidr block) {
        int longest = block.prefixLength();
        for (int length = lengths.nextSetBit(0);
                length >= 0 && length <= longest;
                length = lengths.nextSetBit(length + 1)) {
            Cidr around = Cidr.enclosing(block.network(), length);
            String holder = holders.get(around);
            if (holder != null) {
                return Optional.of(new Reservation(around, holder));
            }
        }
        var inside = holders.ceilingEntry(block);
        return inside != null && block.contains(inside.getKey())
                ? Optional.of(new Reservation(inside.getKey(), inside.getValue()))
                : Optional.empty();
    }
}
