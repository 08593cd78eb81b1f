// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What of a state holds: which grants stand, which collide, and which intents still wait for their
 * object. It depends on the state alone, not on the order of its lists. Effectively immutable once made.
 */
final class Review {
    /** Of two that collide the one stands that looks like what we grant, and then the lower owner, then object. */
    private static final Comparator<Grant> STANDING_FIRST = Comparator.comparing((Grant grant) -> !fits(grant))
            .thenComparing(Grant::owner)
            .thenComparing(grant -> grant.object().name())
            .thenComparing(grant -> grant.object().uid())
            .thenComparing(Grant::block);

    private static final Comparator<Intent> INTENT_ORDER = Comparator.comparing(Intent::owner)
            .thenComparing(Intent::uid)
            .thenComparing(Intent::pool)
            .thenComparing(Intent::block);

    private final HolderIndex holders = new HolderIndex();
    private final Map<Owner, Grant> standing = new TreeMap<>();
    /** By uid, as the promises. */
    private final Map<String, Obstacle> collisions = new HashMap<>();

    private final Set<Intent> promised = new LinkedHashSet<>();

    Review(LedgerState state) {
        state.reservations().stream()
                .sorted(Comparator.comparing(Reservation::cidr).thenComparing(Reservation::holder))
                .forEach(reservation -> holders.put(reservation.cidr(), reservation.holder()));
        List<Grant> grants = state.grants().stream().sorted(STANDING_FIRST).toList();
        grants.forEach(this::weigh);
        // What collides still occupies its range: it may be in use, whatever its object should say.
        grants.forEach(grant -> holders.put(grant.block(), grant.object().name()));
        Set<String> recording =
                grants.stream().map(grant -> grant.object().uid()).collect(Collectors.toSet());
        state.intents().stream().sorted(INTENT_ORDER).forEach(intent -> weigh(intent, recording));
    }

    /** The grants that nothing contradicts, by owner. */
    Optional<Grant> standing(Owner owner) {
        return Optional.ofNullable(standing.get(owner));
    }

    /** What contradicts the grant that this object records, or the promise to it. */
    Optional<Obstacle> collision(ObjectRef object) {
        return Optional.ofNullable(collisions.get(object.uid()));
    }

    /** The intents that are not fulfilled, in owner order. */
    List<Intent> promised() {
        return List.copyOf(promised);
    }

    /** Those of them whose object still asks. */
    List<Intent> promisedTo(Collection<Request> requests) {
        Map<String, Owner> asking = new HashMap<>();
        requests.forEach(request -> asking.put(request.object().uid(), request.owner()));
        return promised().stream()
                .filter(intent -> intent.owner().equals(asking.get(intent.uid())))
                .toList();
    }

    HolderIndex holders() {
        return holders;
    }

    private void weigh(Grant grant) {
        Optional<Obstacle> obstacle = obstacleOf(grant);
        if (obstacle.isPresent()) {
            collisions.putIfAbsent(grant.object().uid(), obstacle.get());
        } else {
            standing.put(grant.owner(), grant);
            holders.put(grant.block(), grant.object().name());
        }
    }

    private Optional<Obstacle> obstacleOf(Grant grant) {
        Cidr block = grant.block();
        if (!fits(grant)) {
            return Optional.of(new Obstacle(
                    grant.object().name(),
                    grant.object() + " records " + block + " for the " + grant.owner()
                            + ", which no 1:1 remap can reach; clear its status.cidr to get a fitting block"));
        }
        Grant first = standing.get(grant.owner());
        if (first != null) {
            return Optional.of(new Obstacle(
                    first.object().name(),
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
     * An intent stands until its object records a block: then it is fulfilled, or overtaken by somebody's hand. One that
     * collides (which again takes somebody's hand) stands too, but is not to be fulfilled before the obstacle is gone. Two
     * pools may each promise a block to one object, if one controller found the first pool full and another did not: both
     * promises stand, for either controller may be about to write its own.
     */
    private void weigh(Intent intent, Set<String> recording) {
        if (recording.contains(intent.uid()) || !promised.add(intent)) {
            return;
        }
        Optional<Obstacle> obstacle = obstacleOf(intent);
        if (obstacle.isPresent()) {
            collisions.putIfAbsent(intent.uid(), obstacle.get());
        } else {
            holders.put(intent.block(), "the promise to the " + intent.owner());
        }
    }

    private Optional<Obstacle> obstacleOf(Intent intent) {
        String promise = "the " + intent.block() + " that Pool " + intent.pool() + " promises to the " + intent.owner();
        if (!fits(intent.owner(), intent.block())) {
            return Optional.of(new Obstacle(
                    "Pool " + intent.pool(), promise + " is out of reach of a 1:1 remap; remove that intent by hand"));
        }
        return holders.overlapping(intent.block())
                .map(holder -> new Obstacle(
                        holder.holder(),
                        promise + " overlaps " + holder.cidr() + " of " + holder.holder()
                                + "; change that one, or create the asking object anew to get another block"));
    }

    private static boolean fits(Grant grant) {
        return fits(grant.owner(), grant.block());
    }

    private static boolean fits(Owner owner, Cidr block) {
        return owner.cidr().family() == block.family() && owner.cidr().prefixLength() == block.prefixLength();
    }
}
