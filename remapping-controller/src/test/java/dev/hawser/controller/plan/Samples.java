// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.networking.APIServerIdentity;
import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.AdvertisementStatus;
import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemapWish;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Role;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Two clusters with the same ranges, as the acceptance case of the product has them. */
final class Samples {
    static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    static final String PEER = "3rd-lisbon";
    static final Cidr PODS = Cidr.parse("10.200.0.0/16");
    static final Cidr EXTERNALS = Cidr.parse("10.70.0.0/16");

    private static final Succession NOTHING_STANDS = new Succession(List.of(), Map.of());

    private Samples() {}

    static OwnCluster own(List<String> endpoints) {
        return new OwnCluster(
                "genoa",
                List.of(PODS),
                List.of(Cidr.parse("10.95.0.0/16")),
                List.of(EXTERNALS),
                List.of(),
                List.of("ours"),
                endpoints,
                List.of());
    }

    static PeeringSpec bundle(@Nullable RemapWish wish, @Nullable Boolean paused) {
        return new PeeringSpec(
                PEER,
                List.of("theirs"),
                List.of("198.51.100.7:51820"),
                List.of(PODS.toString()),
                List.of(EXTERNALS.toString()),
                new ProxyAddress("10.70.0.2", 8118),
                new APIServerIdentity("https://kubernetes.default.svc:443", "PEM"),
                null,
                wish,
                paused,
                "0.1.0");
    }

    static PeeringObserved fresh(PeeringSpec spec) {
        return new PeeringObserved(
                new Seen<>("uid", 1, spec, null),
                own(List.of("198.51.100.2:51820")),
                Map.of(),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                false,
                Optional.empty(),
                InBand.UNASKED,
                List.of(),
                Optional.of(new ProxyAddress("10.70.0.2", 8118)),
                "0.1.0",
                Duration.ofMinutes(10));
    }

    /** The claims of the bundle, granted these names. */
    static Map<String, Seen<NetworkSpec, NetworkStatus>> networks(String pods, String externals) {
        Map<String, Seen<NetworkSpec, NetworkStatus>> networks = new HashMap<>();
        networks.put(
                ObjectNames.remappedNetwork(PEER, Role.POD, PODS),
                network(RangeClaim.of(bundle(null, null), own(List.of()), Role.POD, NOTHING_STANDS), pods));
        networks.put(
                ObjectNames.remappedNetwork(PEER, Role.EXTERNAL, EXTERNALS),
                network(RangeClaim.of(bundle(null, null), own(List.of()), Role.EXTERNAL, NOTHING_STANDS), externals));
        return networks;
    }

    static ConnectionStatus connected(long observedGeneration) {
        return connection(ConnectionPhase.Connected, observedGeneration);
    }

    static ConnectionStatus connecting(long observedGeneration) {
        return connection(ConnectionPhase.Connecting, observedGeneration);
    }

    static ConnectionStatus degraded(long observedGeneration, List<Condition> conditions) {
        return connection(ConnectionPhase.Degraded, observedGeneration, conditions);
    }

    private static ConnectionStatus connection(ConnectionPhase phase, long observedGeneration) {
        return connection(phase, observedGeneration, List.of());
    }

    private static ConnectionStatus connection(
            ConnectionPhase phase, long observedGeneration, List<Condition> conditions) {
        return new ConnectionStatus(
                phase, null, null, null, null, null, null, null, null, Map.of(), null, conditions, observedGeneration);
    }

    static LearnedAdvertisement learned(String endpoint) {
        return new LearnedAdvertisement(
                "their-uid", 4, List.of("theirs"), List.of(), List.of(endpoint), null, null, null, "0.2.0", List.of());
    }

    /** What is seen after these changes. */
    static PeeringObserved with(
            PeeringObserved seen,
            Map<String, Seen<NetworkSpec, NetworkStatus>> networks,
            Optional<Seen<ConnectionSpec, ConnectionStatus>> connection,
            InBand inBand,
            @Nullable PeeringStatus status) {
        return new PeeringObserved(
                new Seen<>("uid", 1, seen.peering().spec(), status),
                seen.own(),
                networks,
                seen.granted(),
                seen.configuration(),
                connection,
                seen.advertisement(),
                seen.admitted(),
                seen.kubeconfig(),
                inBand,
                seen.exposures(),
                seen.ownProxy(),
                seen.version(),
                seen.rangeOverlap());
    }

    /** What is seen when the Advertisement for the peer is this. */
    static PeeringObserved with(PeeringObserved seen, Seen<AdvertisementSpec, AdvertisementStatus> advertisement) {
        return new PeeringObserved(
                seen.peering(),
                seen.own(),
                seen.networks(),
                seen.granted(),
                seen.configuration(),
                seen.connection(),
                Optional.of(advertisement),
                seen.admitted(),
                seen.kubeconfig(),
                seen.inBand(),
                seen.exposures(),
                seen.ownProxy(),
                seen.version(),
                seen.rangeOverlap());
    }

    private static Seen<NetworkSpec, NetworkStatus> network(List<RangeClaim> claims, String granted) {
        List<Condition> ready = Conditions.of(List.of())
                .with("Ready", new Verdict.Holds("Granted", ""), 1, NOW)
                .toList();
        return new Seen<>(
                "network-uid",
                1,
                claims.getFirst().spec(),
                new NetworkStatus(granted, List.of(), List.of(), ready, 1L));
    }
}
