// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What of a state holds: which grants stand, which collide, and which intents still wait for their object. It depends
 * on the state alone, not on the order of its lists. Effectively immutable once made.
 */
final class Review {
    /** Of two that collide the one stands that looks like what we grant, and then the lower owner, then object. */
    private static final Comparator<Grant> STANDING_FIRST = Comparator.comparing((Grant grant) -> !fits(grant))
            .thenComparing(Grant::owner)
            .thenComparing(Grant::object)
            .thenComparing(Grant::block);

    private static final Comparator<Intent> INTENT_ORDER =
            Comparator.comparing(Intent::owner).thenComparing(Intent::pool).thenComparing(Intent::block);

    private final HolderIndex holders = new HolderIndex();
    private final Map<Owner, Grant> standing = new TreeMap<>();
    private final Map<String, Obstacle> collisions = new TreeMap<>();
    private final Map<Owner, Intent> waiting = new TreeMap<>();

    Review(LedgerState state) {
        state.reservations().stream()
                .sorted(Comparator.comparing(Reservation::cidr).thenComparing(Reservation::holder))
                .forEach(reservation -> holders.put(reservation.cidr(), reservation.holder()));
        List<Grant> grants = state.grants().stream().sorted(STANDING_FIRST).toList();
        grants.forEach(this::weigh);
        // What collides still occupies its range: it may be in use, whatever its object should say.
        grants.forEach(grant -> holders.put(grant.block(), grant.object()));
        state.intents().stream().sorted(INTENT_ORDER).forEach(this::weigh);
    }

    /** The grants that nothing contradicts, by owner. */
    Optional<Grant> standing(Owner owner) {
        return Optional.ofNullable(standing.get(owner));
    }

    /** What contradicts the grant that this object records. */
    Optional<Obstacle> collision(String object) {
        return Optional.ofNullable(collisions.get(object));
    }

    Optional<Intent> waiting(Owner owner) {
        return Optional.ofNullable(waiting.get(owner));
    }

    /** The intents to keep, in owner order. */
    List<Intent> waiting() {
        return List.copyOf(waiting.values());
    }

    HolderIndex holders() {
        return holders;
    }

    private void weigh(Grant grant) {
        Optional<Obstacle> obstacle = obstacleOf(grant);
        if (obstacle.isPresent()) {
            collisions.putIfAbsent(grant.object(), obstacle.get());
        } else {
            standing.put(grant.owner(), grant);
            holders.put(grant.block(), grant.object());
        }
    }

    private Optional<Obstacle> obstacleOf(Grant grant) {
        Cidr block = grant.block();
        if (!fits(grant)) {
            return Optional.of(new Obstacle(
                    grant.object(),
                    grant.object() + " records " + block + " for the " + grant.owner()
                            + ", which no 1:1 remap can reach; clear its status.cidr to get a fitting block"));
        }
        Grant first = standing.get(grant.owner());
        if (first != null) {
            return Optional.of(new Obstacle(
                    first.object(),
                    "the " + grant.owner() + " is granted already, as " + first.block() + " in " + first.object()
                            + "; delete " + grant.object()));
        }
        return holders.overlapping(block)
                .map(holder -> new Obstacle(
                        holder.holder(),
                        "the recorded " + block + " overlaps " + holder.cidr() + " of " + holder.holder()
                                + "; change that one, or delete " + grant.object() + " to get another block"));
    }

    /**
     * An intent waits until its owner's object records a block: then it is fulfilled, or overtaken by another one. One
     * that overlaps somebody (a person edited something) must not be completed.
     */
    private void weigh(Intent intent) {
        boolean settled = standing.containsKey(intent.owner()) || waiting.containsKey(intent.owner());
        boolean possible = fits(intent.owner(), intent.block())
                && holders.overlapping(intent.block()).isEmpty();
        if (!settled && possible) {
            waiting.put(intent.owner(), intent);
            holders.put(intent.block(), "the promise to the " + intent.owner());
        }
    }

    private static boolean fits(Grant grant) {
        return fits(grant.owner(), grant.block());
    }

    private static boolean fits(Owner owner, Cidr block) {
        return owner.cidr().family() == block.family() && owner.cidr().prefixLength() == block.prefixLength();
    }
}
