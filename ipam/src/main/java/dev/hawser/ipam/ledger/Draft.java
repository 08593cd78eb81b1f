// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Decision.AlreadyGranted;
import dev.hawser.ipam.ledger.Decision.Conflict;
import dev.hawser.ipam.ledger.Decision.Exhausted;
import dev.hawser.ipam.ledger.Decision.Granted;
import dev.hawser.ipam.ledger.Room.Placed;
import dev.hawser.ipam.ledger.Room.SetAside;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One round while it is being decided: each decision sees those before it. Mutable, for one thread. */
final class Draft {
    /** A former owner's block, set aside for it alone. */
    private record Kept(Cidr block, SetAside aside) {}

    private final Review review;
    private final Room room;
    private final Room vacant;
    /** What this round gave, and is not withheld from the vacant room yet: hardly a round needs the figures. */
    private final List<Cidr> given = new ArrayList<>();

    private final Map<Owner, Kept> kept = new HashMap<>();
    private final List<Intent> intents;
    /** Of several promises to one object the one to fulfil, by uid. */
    private final Map<String, Intent> promised = new HashMap<>();

    private final HolderIndex decided = new HolderIndex();
    private final HolderIndex reserved = new HolderIndex();
    private final Map<Owner, ObjectRef> objects = new HashMap<>();

    /**
     * A round that begins.
     *
     * @param promised the intents that stand
     * @param room what can be granted
     * @param vacant the pools with nothing but blocks of owners withheld, for the figures
     */
    Draft(LedgerState state, Review review, List<Intent> promised, Room room, Room vacant) {
        this.review = review;
        this.room = room;
        this.vacant = vacant;
        this.intents = new ArrayList<>(promised);
        promised.forEach(intent -> this.promised.putIfAbsent(intent.uid(), intent));
        state.pools()
                .forEach(pool ->
                        pool.reserved().forEach(cidr -> reserved.put(cidr, "Pool " + pool.name() + " (reserved)")));
        Room.contested(state.pools()).forEach(range -> reserved.put(range.cidr(), range.holder()));
        state.formers().stream()
                .sorted(Comparator.comparing(Former::owner).thenComparing(Former::block))
                .forEach(this::keep);
    }

    /** Owner order; of several objects for one owner the one that has a promise, then the lowest name, goes first. */
    Comparator<Request> order() {
        return Comparator.comparing(Request::owner)
                .thenComparing(request -> !promised.containsKey(request.object().uid()))
                .thenComparing(request -> request.object().name())
                .thenComparing(request -> request.object().uid());
    }

    Decision decide(Request request) {
        Owner owner = request.owner();
        Optional<Grant> standing = review.standing(owner);
        ObjectRef object = standing.map(Grant::object).orElse(objects.getOrDefault(owner, request.object()));
        if (!object.uid().equals(request.object().uid())) {
            return new Conflict(
                    request,
                    new Obstacle(
                            object.name(),
                            object + " stands for the " + owner + " already; delete one of it and "
                                    + request.object()));
        }
        objects.put(owner, object);
        if (standing.isPresent()) {
            return new AlreadyGranted(request, standing.get().block());
        }
        Optional<Obstacle> collision = review.collision(object);
        if (collision.isPresent()) {
            return new Conflict(request, collision.get());
        }
        Intent promise = promised.get(object.uid());
        return promise != null ? new Granted(request, promise.block(), Optional.empty()) : choose(request);
    }

    /** All intents that are needed after this round, in owner order. */
    List<Intent> intents() {
        return intents.stream()
                .sorted(Comparator.comparing(Intent::owner)
                        .thenComparing(Intent::uid)
                        .thenComparing(Intent::pool))
                .toList();
    }

    private void keep(Former former) {
        boolean fits = former.block().prefixLength() == former.owner().cidr().prefixLength();
        Kept mine = new Kept(former.block(), room.setAside(List.of(former.block())));
        if (fits) {
            kept.putIfAbsent(former.owner(), mine);
        }
        decided.put(former.block(), "the cool-down for the " + former.owner());
    }

    private Decision choose(Request request) {
        Cidr wanted = request.wanted();
        Cidr truth = request.owner().cidr();
        if (wanted.family() != truth.family() || wanted.prefixLength() != truth.prefixLength()) {
            return new Conflict(
                    request,
                    new Obstacle(
                            request.object().name(),
                            "the wish " + wanted + " cannot stand for " + truth + ", a 1:1 remap needs the same length;"
                                    + " wish for a /" + truth.prefixLength() + " or leave the wish out"));
        }
        Kept mine = kept.remove(request.owner());
        if (mine != null) {
            room.putBack(mine.aside());
        }
        SetAside avoided =
                room.setAside(request.avoid().stream().map(Reservation::cidr).toList());
        Decision decision = chooseFromRoom(request, Optional.ofNullable(mine).map(Kept::block));
        room.putBack(avoided);
        if (decision instanceof Granted granted) {
            room.withhold(granted.block());
            given.add(granted.block());
            decided.put(granted.block(), request.object().name());
        }
        if (mine != null) {
            // Whoever got nothing, or something else, has not lost it to the next who asks.
            room.withhold(mine.block());
        }
        return decision;
    }

    private Decision chooseFromRoom(Request request, Optional<Cidr> former) {
        Cidr wanted = request.wanted();
        if (!request.exactly() && former.isPresent()) {
            Optional<Placed> again = room.place(former.get());
            if (again.isPresent()) {
                return grant(request, again.get(), Optional.empty());
            }
        }
        Optional<Placed> asWanted = room.place(wanted);
        if (asWanted.isPresent()) {
            return grant(request, asWanted.get(), Optional.empty());
        }
        Obstacle obstacle = obstacle(request);
        if (request.exactly()) {
            return new Conflict(request, obstacle);
        }
        return room.bestFit(wanted.family(), wanted.prefixLength())
                .<Decision>map(placed -> grant(request, placed, Optional.of(obstacle)))
                .orElseGet(() -> exhausted(request));
    }

    private Granted grant(Request request, Placed placed, Optional<Obstacle> insteadOfWanted) {
        String uid = request.object().uid();
        intents.add(new Intent(request.owner(), uid, placed.block(), placed.pool()));
        return new Granted(request, placed.block(), insteadOfWanted);
    }

    private Exhausted exhausted(Request request) {
        given.forEach(vacant::withhold);
        given.clear();
        return new Exhausted(
                request,
                room.usage(vacant).stream()
                        .filter(pool ->
                                pool.range().family() == request.wanted().family())
                        .toList());
    }

    /** Who is in the way of the wanted block: a holder, an earlier decision of this round, a range to avoid, the pools. */
    private Obstacle obstacle(Request request) {
        Cidr wanted = request.wanted();
        return review.holders()
                .overlapping(wanted)
                .or(() -> decided.overlapping(wanted))
                .or(() -> request.avoid().stream()
                        .filter(range -> range.cidr().overlaps(wanted))
                        .findFirst())
                .or(() -> reserved.overlapping(wanted))
                .map(holder -> new Obstacle(
                        holder.holder(),
                        wanted + " overlaps " + holder.cidr() + " of " + holder.holder() + "; wish for another /"
                                + wanted.prefixLength() + " or leave the wish out"))
                .orElseGet(() -> new Obstacle(
                        "Pool", wanted + " lies in no range of a Pool; add it to one, or leave the wish out"));
    }
}
