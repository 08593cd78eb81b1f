// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import java.util.List;

/**
 * Everything that a decision about blocks depends on. Immutable; the order inside the lists does not matter, except that
 * of the ranges inside a pool.
 *
 * @param pools where new blocks come from
 * @param reservations what is in use by others than owners: own ranges, host routes, a user's list
 * @param grants what the objects record
 * @param intents what the pools record as under way
 * @param formers blocks that are cooling down
 */
public record LedgerState(
        List<PoolRanges> pools,
        List<Reservation> reservations,
        List<Grant> grants,
        List<Intent> intents,
        List<Former> formers) {
    public LedgerState {
        pools = List.copyOf(pools);
        reservations = List.copyOf(reservations);
        grants = List.copyOf(grants);
        intents = List.copyOf(intents);
        formers = List.copyOf(formers);
    }
}
