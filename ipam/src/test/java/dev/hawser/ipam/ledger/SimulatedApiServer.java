// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pools and the objects of owners, each with a version. It watches over what is written: the first thing that must never
 * happen stays on record. What a person wrote by hand may collide; what controllers wrote may not.
 */
final class SimulatedApiServer {
    /** What a read returns: the version belongs to the content. */
    record Versioned<T>(long version, T content) {}

    /** An object, the block that it records, if any, and whether a person wrote that. */
    record Stored(ObjectRef object, Owner owner, Optional<Cidr> block, boolean byHand) {
        Grant grant() {
            return new Grant(owner, block.orElseThrow(), object);
        }
    }

    private long version;
    private final Map<String, Versioned<List<Intent>>> pools = new TreeMap<>();
    private final Map<String, Versioned<Stored>> objects = new TreeMap<>();
    private final List<PoolRanges> ranges;
    private final boolean strict;
    private @Nullable String broken;

    /**
     * A server without objects.
     *
     * @param strict whether one owner must never have two blocks of one pool, which people who write blocks by hand can bring
     *     about; of two pools, which are swapped one by one, he can, if somebody made two objects for him at that moment
     */
    SimulatedApiServer(List<PoolRanges> pools, boolean strict) {
        this.ranges = pools;
        this.strict = strict;
        pools.forEach(pool -> this.pools.put(pool.name(), new Versioned<>(0, List.of())));
    }

    /** Changes with every write. */
    long version() {
        return version;
    }

    /** What controllers brought about and must not have. */
    Optional<String> broken() {
        return Optional.ofNullable(broken);
    }

    Versioned<List<Intent>> pool(String name) {
        return Objects.requireNonNull(pools.get(name));
    }

    Map<String, Versioned<Stored>> objects() {
        return new TreeMap<>(objects);
    }

    boolean swapIntents(String pool, long expected, List<Intent> intents) {
        if (pool(pool).version() != expected) {
            return false;
        }
        pools.put(pool, new Versioned<>(++version, intents));
        return true;
    }

    boolean swapBlock(String name, long expected, Cidr block) {
        Versioned<Stored> object = objects.get(name);
        if (object == null || object.version() != expected) {
            return false;
        }
        Stored before = object.content();
        if (before.block().isPresent() && !before.block().get().equals(block)) {
            broken(before + " moved to " + block);
        }
        others(name)
                .filter(other -> !other.byHand())
                .filter(other -> other.block().orElseThrow().overlaps(block)
                        || (strict
                                && other.owner().equals(before.owner())
                                && inOnePool(other.block().orElseThrow(), block)))
                .findFirst()
                .ifPresent(other -> broken(before.object() + " got " + block + " beside " + other));
        put(name, new Stored(before.object(), before.owner(), Optional.of(block), false));
        return true;
    }

    void create(String name, Owner owner) {
        if (!objects.containsKey(name)) {
            put(name, new Stored(new ObjectRef(name, "uid " + version), owner, Optional.empty(), false));
        }
    }

    void delete(String name) {
        objects.remove(name);
        version++;
    }

    /** A person writes a block over whatever the object records. */
    void edit(String name, Cidr block) {
        Versioned<Stored> object = objects.get(name);
        if (object != null) {
            put(name, new Stored(object.content().object(), object.content().owner(), Optional.of(block), true));
        }
    }

    List<Intent> intents() {
        return pools.values().stream().flatMap(pool -> pool.content().stream()).toList();
    }

    static List<Grant> grants(Map<String, Versioned<Stored>> objects) {
        List<Grant> grants = new ArrayList<>();
        objects.values().stream()
                .map(Versioned::content)
                .filter(object -> object.block().isPresent())
                .forEach(object -> grants.add(object.grant()));
        return grants;
    }

    static List<Request> requests(Map<String, Versioned<Stored>> objects) {
        return objects.values().stream()
                .map(Versioned::content)
                .map(stored -> Request.of(stored.owner(), stored.object()))
                .toList();
    }

    private Stream<Stored> others(String name) {
        return objects.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(name))
                .map(entry -> entry.getValue().content())
                .filter(object -> object.block().isPresent());
    }

    private boolean inOnePool(Cidr one, Cidr other) {
        return ranges.stream()
                .map(PoolRanges::cidrs)
                .anyMatch(pool -> Stream.of(one, other)
                        .allMatch(block -> pool.stream().anyMatch(range -> range.contains(block))));
    }

    private void put(String name, Stored object) {
        objects.put(name, new Versioned<>(++version, object));
    }

    private void broken(String what) {
        if (broken == null) {
            broken = what;
        }
    }
}
