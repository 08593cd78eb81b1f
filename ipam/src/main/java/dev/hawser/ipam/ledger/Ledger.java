// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import java.util.Collection;
import java.util.List;

/**
 * The blocks of all pools: who holds what, and who gets what next. Immutable and a pure function of its state.
 *
 * <p>How a controller uses it, so that two of them that both believe to lead cannot grant one block twice:
 *
 * <ol>
 *   <li>read the pools, <em>and after them</em> the objects that record grants, from the API server and not from a
 *       cache. An intent is cleared only after its object records the block, so whoever sees the pool without the intent
 *       and lists afterwards sees the grant.
 *   <li>{@link #decide}; write {@link Round#intentsOf} into each pool that records anything else, by compare-and-swap on
 *       the version that was read. If a swap fails, begin again.
 *   <li>write the block of each {@link Decision.Granted} into its object, by compare-and-swap on the version that was
 *       read in the first step. If that fails, leave it: the next round sees why.
 *   <li>the next round, or one at once, leaves fulfilled intents out; writing it clears them.
 * </ol>
 *
 * <p>After a crash anywhere in between, the first step finds the intent again and the same decision comes out. An intent
 * is never taken back while its object lives untouched: another controller may be about to fulfil it.
 */
public final class Ledger {
    private final LedgerState state;
    private final Review review;

    private Ledger(LedgerState state) {
        this.state = state;
        this.review = new Review(state);
    }

    /** The ledger of this state. Contradictions inside it are no error: they come out as conflicts of their requests. */
    public static Ledger of(LedgerState state) {
        return new Ledger(state);
    }

    /**
     * Decides all requests, in owner order. What is granted here is not taken until the intents are written.
     *
     * @param requests those of <em>all</em> objects that exist, whether they record a grant already or not: an intent
     *     for an object that is not among them is abandoned
     */
    public Round decide(Collection<Request> requests) {
        List<Intent> promised = review.promisedTo(requests);
        Room vacant = roomWithoutHeld(promised);
        Draft draft = new Draft(state, review, promised, roomLeft(vacant), vacant);
        List<Decision> decisions =
                requests.stream().sorted(draft.order()).map(draft::decide).toList();
        return new Round(decisions, draft.intents());
    }

    /** How full each range of each pool is. */
    public List<PoolUsage> usage() {
        Room vacant = roomWithoutHeld(review.promised());
        return roomLeft(vacant).usage(vacant);
    }

    private Room roomLeft(Room vacant) {
        Room room = vacant.copy();
        state.pools().forEach(pool -> pool.reserved().forEach(room::withhold));
        Room.contested(state.pools()).forEach(range -> room.withhold(range.cidr()));
        state.reservations().forEach(reservation -> room.withhold(reservation.cidr()));
        return room;
    }

    private Room roomWithoutHeld(List<Intent> promised) {
        Room room = new Room(state.pools());
        state.grants().forEach(grant -> room.withhold(grant.block()));
        promised.forEach(intent -> room.withhold(intent.block()));
        return room;
    }
}
