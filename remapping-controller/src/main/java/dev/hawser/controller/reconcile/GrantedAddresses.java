// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * The external addresses of IPs, one of each family, as they were granted: what a hand wrote over them does not count.
 * Safe for any thread.
 */
final class GrantedAddresses {
    private record Key(ResourceID ip, Family family) {}

    private final Map<Key, IpAddress> addresses = new ConcurrentHashMap<>();

    Optional<IpAddress> of(ResourceID ip, Family family) {
        return Optional.ofNullable(addresses.get(new Key(ip, family)));
    }

    /** All of an IP, IPv4 first. */
    List<IpAddress> of(ResourceID ip) {
        return Arrays.stream(Family.values())
                .flatMap(family -> of(ip, family).stream())
                .toList();
    }

    void put(ResourceID ip, IpAddress address) {
        addresses.put(new Key(ip, address.family()), address);
    }

    void putIfAbsent(ResourceID ip, IpAddress address) {
        addresses.putIfAbsent(new Key(ip, address.family()), address);
    }

    void remove(ResourceID ip, IpAddress address) {
        addresses.remove(new Key(ip, address.family()), address);
    }

    void forEach(BiConsumer<ResourceID, IpAddress> action) {
        addresses.forEach((key, address) -> action.accept(key.ip(), address));
    }
}
