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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One Peering and everything that its plan depends on. Immutable.
 *
 * @param networks the Networks that claim names for ranges of this peer, by name
 * @param admitted whether the peer's ServiceAccount, Role and RoleBinding are as they should be
 * @param kubeconfig the text that the kubeconfig Secret is known to hold
 * @param exposures what the peer may reach besides pods
 * @param ownProxy where our API server proxy is reached in our external CIDR
 * @param version our version
 */
public record PeeringObserved(
        Seen<PeeringSpec, PeeringStatus> peering,
        OwnCluster own,
        Map<String, Seen<NetworkSpec, NetworkStatus>> networks,
        Optional<Seen<ConfigurationSpec, ConfigurationStatus>> configuration,
        Optional<Seen<ConnectionSpec, ConnectionStatus>> connection,
        Optional<Seen<AdvertisementSpec, AdvertisementStatus>> advertisement,
        boolean admitted,
        Optional<String> kubeconfig,
        InBand inBand,
        List<ExposureAdvertisement> exposures,
        Optional<ProxyAddress> ownProxy,
        String version) {
    /** The cluster ID of the peer. */
    public String peerID() {
        return peering.spec().clusterID();
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
