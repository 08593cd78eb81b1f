// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Turns Connections into peers, one after the other: an ID and a key belong to the first that claims them. Pure; an object
 * per plan.
 */
final class PeerPlanner {
    private final Surroundings surroundings;
    private final Map<String, RangePlan> ranges;
    private final Map<String, String> connectionOfId = new HashMap<>();
    private final Map<PublicKey, String> connectionOfKey = new HashMap<>();
    private final Set<String> hostNames = new TreeSet<>();

    /** @param ranges what the Configurations say, by the peer's cluster ID */
    PeerPlanner(Surroundings surroundings, Map<String, RangePlan> ranges) {
        this.surroundings = surroundings;
        this.ranges = ranges;
        surroundings
                .keys()
                .ifPresent(keys ->
                        keys.staticKeys().publicKeys().forEach(own -> connectionOfKey.put(own, "this gateway itself")));
    }

    /** Every host name in any Connection read so far. */
    Set<String> hostNames() {
        return hostNames;
    }

    PeerPlan plan(Connection connection) {
        String name = connection.getMetadata().getName();
        long generation =
                Optional.ofNullable(connection.getMetadata().getGeneration()).orElse(0L);
        ConnectionSpec spec = connection.getSpec();
        try {
            Optional<String> missing = missing(spec);
            List<PublicKey> keys = keys(name, spec);
            if (missing.isPresent()) {
                return new PeerPlan.Waiting(name, generation, missing.get());
            }
            return switch (ranges.getOrDefault(spec.clusterID(), noConfiguration(spec))) {
                case RangePlan.Incomplete(String reason) -> new PeerPlan.Waiting(name, generation, reason);
                case RangePlan.Invalid(String reason) -> new PeerPlan.Refused(name, generation, reason);
                case RangePlan.Complete complete ->
                    new PeerPlan.Served(name, generation, config(name, spec, keys, complete));
            };
        } catch (IllegalArgumentException | CryptoException e) {
            return new PeerPlan.Refused(name, generation, String.valueOf(e.getMessage()));
        }
    }

    private static RangePlan noConfiguration(ConnectionSpec spec) {
        return new RangePlan.Incomplete("waiting for a Configuration of cluster " + spec.clusterID());
    }

    private Optional<String> missing(ConnectionSpec spec) {
        if (spec.publicKeys().isEmpty()) {
            return Optional.of("waiting for a public key of the peer in spec.publicKeys");
        }
        boolean wantsSecret = Boolean.TRUE.equals(spec.presharedKey());
        if (wantsSecret && presharedKey(spec).isEmpty()) {
            return Optional.of("waiting for psk." + spec.clusterID() + " in the Secret " + ObjectNames.KEYS_SECRET);
        }
        return Optional.empty();
    }

    private List<PublicKey> keys(String name, ConnectionSpec spec) {
        String first = connectionOfId.putIfAbsent(spec.clusterID(), name);
        if (first != null) {
            throw new IllegalArgumentException("cluster ID " + spec.clusterID() + " belongs to Connection " + first
                    + " already; delete one of the two");
        }
        List<PublicKey> keys = new ArrayList<>();
        for (String text : new LinkedHashSet<>(spec.publicKeys())) {
            PublicKey key = PublicKey.fromBase64(text);
            String owner = connectionOfKey.putIfAbsent(key, "Connection " + name);
            if (owner != null) {
                throw new IllegalArgumentException(
                        "public key " + key + " is that of " + owner + "; two gateways cannot share a key");
            }
            keys.add(key);
        }
        return keys;
    }

    private PeerConfig config(String name, ConnectionSpec spec, List<PublicKey> keys, RangePlan.Complete complete) {
        return new PeerConfig(
                spec.clusterID(),
                keys,
                endpoints(name, spec),
                Boolean.TRUE.equals(spec.presharedKey()) ? presharedKey(spec) : Optional.empty(),
                Optional.ofNullable(spec.persistentKeepalive()).orElse(0),
                complete.pods(),
                complete.externals());
    }

    private Optional<PresharedKey> presharedKey(ConnectionSpec spec) {
        return surroundings.keys().flatMap(keys -> keys.presharedKey(spec.clusterID()));
    }

    /** The announced endpoints, then the one that worked last: it may be where a peer behind a NAT still answers. */
    private List<UdpEndpoint> endpoints(String name, ConnectionSpec spec) {
        Set<UdpEndpoint> endpoints = new LinkedHashSet<>();
        for (String text : spec.endpoints()) {
            endpoints.addAll(endpoints(EndpointName.parse(text)));
        }
        String last = surroundings.lastEndpoints().get(name);
        if (last != null) {
            endpoints.addAll(endpoints(EndpointName.parse(last)));
        }
        return List.copyOf(endpoints);
    }

    private List<UdpEndpoint> endpoints(EndpointName name) {
        Optional<IpAddress> address = name.address();
        if (address.isPresent()) {
            return List.of(UdpEndpoint.of(address.get(), name.port()));
        }
        hostNames.add(name.host());
        return surroundings.resolved().getOrDefault(name.host(), List.of()).stream()
                .map(resolved -> UdpEndpoint.of(resolved, name.port()))
                .toList();
    }
}
