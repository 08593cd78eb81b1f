// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.SimulatedApiServer.Versioned;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * One external Network and the IP objects, each with a version, as {@link SimulatedApiServer} has pools and blocks. An IP
 * that somebody deleted stays until its finalizer is gone.
 */
final class ExposureServer {
    static final Cidr EXTERNAL = Cidr.parse("10.70.0.0/28");
    /** In steps of the story. */
    static final long COOL_DOWN = 120;

    /** An address that was given back. */
    record Released(String object, IpAddress address, long at) {
        boolean isOf(String name, IpAddress held) {
            return object.equals(name) && address.equals(held);
        }

        boolean isCooling(long now) {
            return at + COOL_DOWN > now;
        }
    }

    /** What the Network records. */
    record Room(List<ExposureIntent> intents, List<Released> released) {}

    /** What an IP records. */
    record Recorded(IpAddress target, IpAddress address) {}

    /** An IP: what it points at now, what it records, if anything, whether a person wrote that, and whether it is to go. */
    record Stored(ObjectRef object, IpAddress target, Optional<Recorded> recorded, boolean byHand, boolean leaving) {
        boolean holds(IpAddress address) {
            return recorded.filter(held -> held.address().equals(address)).isPresent();
        }

        Stored at(IpAddress target) {
            return new Stored(object, target, recorded, byHand, leaving);
        }

        Stored with(Optional<Recorded> recorded, boolean byHand) {
            return new Stored(object, target, recorded, byHand, leaving);
        }

        Stored withLeaving() {
            return new Stored(object, target, recorded, byHand, true);
        }
    }

    private long version;
    private Versioned<Room> network = new Versioned<>(0, new Room(List.of(), List.of()));
    private final Map<String, Versioned<Stored>> objects = new TreeMap<>();
    /** What came to an end last at each address, to watch over cool-downs. */
    private final Map<IpAddress, Released> formers = new HashMap<>();

    private @Nullable String broken;
    private final boolean strict;

    /**
     * A server without IPs.
     *
     * @param strict whether to watch over cool-downs, which people who write addresses by hand can mix up
     */
    ExposureServer(boolean strict) {
        this.strict = strict;
    }

    long version() {
        return version;
    }

    /** What controllers brought about and must not have. */
    Optional<String> broken() {
        return Optional.ofNullable(broken);
    }

    Versioned<Room> network() {
        return network;
    }

    Map<String, Versioned<Stored>> objects() {
        return new TreeMap<>(objects);
    }

    boolean swapRoom(long expected, Room room) {
        if (network.version() != expected) {
            return false;
        }
        network = new Versioned<>(++version, room);
        return true;
    }

    /** A controller records an address, or another target of the same address. */
    boolean swapAddress(String name, long expected, Recorded recorded, long now) {
        Versioned<Stored> object = objects.get(name);
        if (object == null || object.version() != expected) {
            return false;
        }
        Stored before = object.content();
        if (before.recorded().isEmpty()) {
            watch(before, recorded.address(), now);
        }
        before.recorded()
                .filter(old -> !old.address().equals(recorded.address()))
                .ifPresent(old -> broken(before + " moved to " + recorded.address()));
        put(name, before.with(Optional.of(recorded), before.byHand()));
        return true;
    }

    /** A controller removes the finalizer. */
    boolean swapAway(String name, long expected, long now) {
        Versioned<Stored> object = objects.get(name);
        if (object == null || object.version() != expected) {
            return false;
        }
        Stored gone = object.content();
        objects.remove(name);
        version++;
        if (strict) {
            gone.recorded().ifPresent(recorded -> formers.put(recorded.address(), released(name, recorded, now)));
        }
        return true;
    }

    void create(String name, IpAddress target) {
        if (!objects.containsKey(name)) {
            put(name, new Stored(new ObjectRef(name, "uid " + version), target, Optional.empty(), false, false));
        }
    }

    void change(String name, UnaryOperator<Stored> change) {
        Versioned<Stored> object = objects.get(name);
        if (object != null) {
            put(name, change.apply(object.content()));
        }
    }

    private void watch(Stored object, IpAddress address, long now) {
        String name = object.object().name();
        if (!EXTERNAL.usable(address) || address.equals(EXTERNAL.firstUsable())) {
            broken(object + " got " + address + ", which is nobody's to have");
        }
        objects.values().stream()
                .map(Versioned::content)
                .filter(other -> !other.byHand() && other.holds(address))
                .forEach(other -> broken(object + " got the address of " + other));
        formers.values().stream()
                .filter(former -> former.isCooling(now))
                .filter(former ->
                        former.object().equals(name) != former.address().equals(address))
                .forEach(former -> broken(object + " got " + address + " at " + now + " in spite of " + former));
    }

    /** The cool-down counts from when the Network heard of it, and it must have heard. */
    private Released released(String name, Recorded recorded, long now) {
        return network.content().released().stream()
                .filter(entry -> entry.isOf(name, recorded.address()))
                .findFirst()
                .orElseGet(() -> {
                    broken(name + " went, and nobody wrote down that it had " + recorded.address());
                    return new Released(name, recorded.address(), now);
                });
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
