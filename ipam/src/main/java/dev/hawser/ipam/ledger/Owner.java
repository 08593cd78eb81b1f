// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.util.Comparator;

/**
 * The key of a grant. Equal owners get equal blocks, after any crash, in any order of arrival. Immutable; the natural
 * order is the order in which requests that are pending together are granted.
 *
 * @param kind the kind of object on whose behalf the block is asked for, for example {@code Peering}
 * @param clusterId the cluster whose range it is
 * @param role what the range is to that cluster
 * @param cidr the true range, which the block stands for
 */
public record Owner(String kind, String clusterId, Role role, Cidr cidr) implements Comparable<Owner> {
    private static final Comparator<Owner> ORDER = Comparator.comparing(Owner::kind)
            .thenComparing(Owner::clusterId)
            .thenComparing(Owner::role)
            .thenComparing(Owner::cidr);

    @Override
    public int compareTo(Owner other) {
        return ORDER.compare(this, other);
    }

    /** For people: {@code pod CIDR 10.200.0.0/16 of cluster "wild-frog" (Peering)}. */
    @Override
    public String toString() {
        return role.word() + " CIDR " + cidr + " of cluster \"" + clusterId + "\" (" + kind + ")";
    }
}
