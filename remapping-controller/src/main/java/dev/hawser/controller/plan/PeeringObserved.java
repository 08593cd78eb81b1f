// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.AdvertisementStatus;
import dev.hawser.api.networking.ConfigurationSpec;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.ExposureAdvertisement;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Owner;
import dev.hawser.ipam.ledger.Role;
import dev.hawser.ipam.remap.Remap;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One Peering and everything that its plan depends on. Immutable.
 *
 * @param networks the Networks that claim names for ranges of this peer, by name
 * @param granted the names that are known to be granted, to whomever
 * @param admitted whether the peer's ServiceAccount, Role and RoleBinding are as they should be
 * @param kubeconfig the text that the kubeconfig Secret is known to hold
 * @param exposures what the peer may reach besides pods
 * @param ownProxy where our API server proxy is reached in our external CIDR
 * @param version our version
 * @param rangeOverlap for how long a range that the peer has left is served beside its successor
 */
public record PeeringObserved(
        Seen<PeeringSpec, PeeringStatus> peering,
        OwnCluster own,
        Map<String, Seen<NetworkSpec, NetworkStatus>> networks,
        Map<Owner, Cidr> granted,
        Optional<Seen<ConfigurationSpec, ConfigurationStatus>> configuration,
        Optional<Seen<ConnectionSpec, ConnectionStatus>> connection,
        Optional<Seen<AdvertisementSpec, AdvertisementStatus>> advertisement,
        boolean admitted,
        Optional<String> kubeconfig,
        InBand inBand,
        List<ExposureAdvertisement> exposures,
        Optional<ProxyAddress> ownProxy,
        String version,
        Duration rangeOverlap) {
    /** The cluster ID of the peer. */
    public String peerID() {
        return peering.spec().clusterID();
    }

    /** What stands for the peer's ranges. */
    List<RangeHolder> holders(Role role) {
        return RangeHolder.of(
                peerID(),
                role,
                networks.entrySet().stream()
                        .map(entry -> new BlockPlan.Claim(
                                entry.getKey(),
                                entry.getValue().uid(),
                                entry.getValue().spec(),
                                entry.getValue().status()))
                        .toList(),
                granted);
    }

    /** What the Configuration lists for that role, as far as it can be read: a hand may have edited it. */
    List<Remap> listed(Role role) {
        RemappedRanges remote = configuration
                .map(Seen::status)
                .map(ConfigurationStatus::remote)
                .orElseGet(() -> new RemappedRanges(List.of(), List.of()));
        return (role == Role.POD ? remote.podCIDRs() : remote.externalCIDRs())
                .stream().flatMap(range -> readable(range).stream()).toList();
    }

    Succession succession(Role role) {
        return new Succession(
                holders(role),
                listed(role).stream().collect(Collectors.toMap(Remap::from, Remap::to, (first, _) -> first)));
    }

    private static Optional<Remap> readable(RemappedRange range) {
        try {
            return Optional.of(new Remap(Cidr.parse(range.cidr()), Cidr.parse(range.remapped())));
        } catch (AddressException editedByHand) {
            return Optional.empty();
        }
    }

    boolean paused() {
        return Boolean.TRUE.equals(peering.spec().paused());
    }

    /** Whether probes return through the tunnel. */
    public boolean connected() {
        ConnectionStatus status = connection.map(Seen::status).orElse(null);
        ConnectionPhase phase = status == null ? null : status.phase();
        return phase == ConnectionPhase.Connected || phase == ConnectionPhase.Degraded;
    }

    /** What the peer told: just now, or to the controller that led before. */
    public Optional<LearnedAdvertisement> learned() {
        return inBand.learned().or(() -> Optional.ofNullable(peering.status()).map(PeeringStatus::advertised));
    }
}
