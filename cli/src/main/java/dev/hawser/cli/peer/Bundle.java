// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.ObjectName;
import dev.hawser.api.networking.APIServerIdentity;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemapWish;
import dev.hawser.cli.cluster.ClusterFacts;
import dev.hawser.cli.cluster.Names;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import org.jspecify.annotations.Nullable;

/** What one side must know of the other, as the Peering that says it. */
final class Bundle {
    private static final int DEFAULT_PROXY_PORT = 8118;

    private Bundle() {}

    /**
     * The Peering that the other side needs to know this cluster.
     *
     * @param certificateAuthority of this cluster's API server, PEM
     */
    static Peering of(ClusterFacts peer, String certificateAuthority, String version) {
        Peering peering = new Peering();
        peering.setMetadata(new ObjectMetaBuilder()
                .withName(peer.id())
                .withNamespace(Names.NAMESPACE)
                .build());
        peering.setSpec(new PeeringSpec(
                peer.id(),
                peer.publicKeys(),
                peer.endpoints(),
                peer.podCIDRs(),
                peer.externalCIDRs(),
                proxy(peer),
                new APIServerIdentity(Names.API_SERVER_URL, certificateAuthority),
                new ObjectName(Names.credentialSecret(peer.id())),
                null,
                null,
                version));
        return peering;
    }

    /** The part of a Peering that names depend on, for a cluster that may not be ready yet. */
    static PeeringSpec ranges(ClusterFacts peer, @Nullable RemapWish wish) {
        return new PeeringSpec(
                peer.id(),
                peer.publicKeys(),
                peer.endpoints(),
                peer.podCIDRs(),
                peer.externalCIDRs(),
                null,
                null,
                null,
                wish,
                null,
                null);
    }

    private static ProxyAddress proxy(ClusterFacts peer) {
        IPStatus status = peer.proxy().getStatus();
        String address = status == null ? null : status.externalIP();
        if (address == null) {
            throw new IllegalStateException("IP " + Names.PROXY + " of " + peer.id() + " was Ready and has no address");
        }
        var ports = peer.proxy().getSpec().ports();
        return new ProxyAddress(
                address, ports.isEmpty() ? DEFAULT_PROXY_PORT : ports.getFirst().port());
    }
}
