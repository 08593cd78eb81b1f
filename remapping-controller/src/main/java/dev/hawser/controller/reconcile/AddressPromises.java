// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.ipam.AddressIntent;
import dev.hawser.api.ipam.IP;
import dev.hawser.controller.plan.ExposedAddress;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What this process knows of the intents of external Networks, so that one round serves all that ask at the same time: which
 * it made for IPs whose turn has not come, and which it has fulfilled. For one thread at a time.
 */
final class AddressPromises {
    /** Old ones are made anew: their IP has likely been written since. */
    private static final Duration FRESH = Duration.ofSeconds(4);

    /**
     * An address that the Network promises to an IP.
     *
     * @param read the IP as it was before: whoever writes to it since then is seen
     */
    record Promised(ExposedAddress address, IP read, Instant at) {
        private boolean isFresh(Instant now) {
            return now.isBefore(at.plus(FRESH));
        }
    }

    private record Key(String uid, String address) {
        static Key of(AddressIntent intent) {
            return new Key(intent.uid(), intent.address());
        }
    }

    /** By uid. */
    private final Map<String, List<Promised>> promised = new HashMap<>();

    private final Set<Key> fulfilled = new HashSet<>();

    /**
     * Keeps what a round promised to others than the one it was for.
     *
     * @param read by uid, the IPs as they were read before the Network was written
     * @param own uid of the one it was for
     */
    void keep(List<AddressIntent> intents, Map<String, IP> read, String own, Instant now) {
        for (AddressIntent intent : intents) {
            IP ip = read.get(intent.uid());
            if (ip != null && !intent.uid().equals(own)) {
                IpAddress address = IpAddress.parse(intent.address());
                List<Promised> of = promised.computeIfAbsent(intent.uid(), _ -> new ArrayList<>());
                of.removeIf(older -> older.address().external().family() == address.family());
                of.add(new Promised(new ExposedAddress(IpAddress.parse(intent.target()), address), ip, now));
            }
        }
    }

    /** Takes out what was promised to an IP for a target in this range, unless that is long ago. */
    Optional<Promised> fetch(String uid, IpAddress target, Cidr cidr, Instant now) {
        List<Promised> of = promised.getOrDefault(uid, List.of());
        Optional<Promised> found = of.stream()
                .filter(each -> each.address().local().equals(target)
                        && cidr.contains(each.address().external()))
                .filter(each -> each.isFresh(now))
                .findFirst();
        found.ifPresent(of::remove);
        if (of.isEmpty()) {
            promised.remove(uid);
        }
        return found;
    }

    /** Forgets what was promised to an IP. */
    void forget(String uid) {
        promised.remove(uid);
    }

    /** Whether somebody's turn is still to come. */
    boolean outstanding(Instant now) {
        promised.values().removeIf(of -> of.stream().noneMatch(each -> each.isFresh(now)));
        return !promised.isEmpty();
    }

    /** An IP records an address that it was promised. */
    void fulfil(String uid, IpAddress address) {
        fulfilled.add(new Key(uid, address.toString()));
    }

    /** Those intents of a Network that are not known to be fulfilled; what it does not list any more is forgotten. */
    List<AddressIntent> unfulfilled(List<AddressIntent> intents, Cidr cidr) {
        Set<Key> standing = intents.stream().map(Key::of).collect(Collectors.toSet());
        fulfilled.removeIf(key -> cidr.contains(IpAddress.parse(key.address())) && !standing.contains(key));
        return intents.stream()
                .filter(intent -> !fulfilled.contains(Key.of(intent)))
                .toList();
    }
}
