// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.util.List;

/**
 * A wish for a block of the length of the owner's true range. Immutable.
 *
 * @param owner whose it will be
 * @param object the object that will record it
 * @param wanted the block to give if it is free
 * @param exactly whether no other block will do: a user's wish is honoured or refused with the reason
 * @param avoid ranges not to choose for it, beyond the ledger's reservations; they do not disturb what was granted before
 */
public record Request(Owner owner, ObjectRef object, Cidr wanted, boolean exactly, List<Reservation> avoid) {
    public Request {
        avoid = List.copyOf(avoid);
    }

    /** A request that would keep the true range as its own name, and takes another of the same length if it must. */
    public static Request of(Owner owner, ObjectRef object) {
        return new Request(owner, object, owner.cidr(), false, List.of());
    }
}
