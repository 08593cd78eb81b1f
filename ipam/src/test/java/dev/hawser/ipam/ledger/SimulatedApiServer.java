// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One pool and the objects of owners, each with a version that every write must name. */
final class SimulatedApiServer {
    /** What a read returns: the version belongs to the content. */
    record Versioned<T>(long version, T content) {}

    /** An object: which one of its name, its owner and perhaps the block that it records. */
    record Stored(ObjectRef object, Owner owner, Optional<Cidr> block) {}

    private long version;
    private Versioned<List<Intent>> pool = new Versioned<>(0, List.of());
    private final Map<Owner, Versioned<Stored>> objects = new TreeMap<>();
    private Optional<String> moved = Optional.empty();

    Versioned<List<Intent>> pool() {
        return pool;
    }

    Map<Owner, Versioned<Stored>> objects() {
        return new TreeMap<>(objects);
    }

    boolean swapIntents(long expected, List<Intent> intents) {
        if (pool.version() != expected) {
            return false;
        }
        pool = new Versioned<>(++version, intents);
        return true;
    }

    boolean swapBlock(Owner owner, long expected, Cidr block) {
        Versioned<Stored> object = objects.get(owner);
        if (object == null || object.version() != expected) {
            return false;
        }
        Optional<Cidr> before = object.content().block();
        if (before.isPresent() && !before.get().equals(block)) {
            moved = Optional.of("the grant of the " + owner + " moved from " + before.get() + " to " + block);
        }
        objects.put(
                owner, new Versioned<>(++version, new Stored(object.content().object(), owner, Optional.of(block))));
        return true;
    }

    void create(Owner owner) {
        objects.computeIfAbsent(owner, o -> {
            version++;
            ObjectRef object = new ObjectRef("Network " + o, "uid " + version);
            return new Versioned<>(version, new Stored(object, o, Optional.empty()));
        });
    }

    void delete(Owner owner) {
        objects.remove(owner);
    }

    List<Intent> intents() {
        return pool.content();
    }

    List<Grant> grants() {
        return grants(objects);
    }

    List<Request> requests() {
        return requests(objects);
    }

    static List<Grant> grants(Map<Owner, Versioned<Stored>> objects) {
        List<Grant> grants = new ArrayList<>();
        objects.forEach((owner, object) -> object.content()
                .block()
                .ifPresent(block ->
                        grants.add(new Grant(owner, block, object.content().object()))));
        return grants;
    }

    static List<Request> requests(Map<Owner, Versioned<Stored>> objects) {
        return objects.values().stream()
                .map(Versioned::content)
                .map(stored -> Request.of(stored.owner(), stored.object()))
                .toList();
    }

    /** A grant that moved, or two that overlap. */
    Optional<String> contradiction() {
        List<Grant> grants = grants();
        for (int i = 0; i < grants.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (grants.get(i).block().overlaps(grants.get(j).block())) {
                    return Optional.of(grants.get(i) + " overlaps " + grants.get(j));
                }
            }
        }
        return moved;
    }
}
