// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.ObjectName;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Peering;
import dev.hawser.controller.plan.ObjectNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Collections;
import java.util.List;

/** Which objects are concerned when another one changes. Safe for any thread. */
final class ViewEvents {
    private final ClusterView view;
    private final Triggers triggers;
    private final Runnable peeringChanged;

    /**
     * The rules over a view.
     *
     * @param peeringChanged called when a Peering came, changed or went
     */
    ViewEvents(ClusterView view, Triggers triggers, Runnable peeringChanged) {
        this.view = view;
        this.triggers = triggers;
        this.peeringChanged = peeringChanged;
    }

    void gateway(ClusterGateway gateway) {
        everyNetwork();
        everyIp();
        everyPeering();
    }

    void pool(Pool pool) {
        everyNetwork();
    }

    void network(Network network) {
        OwnerReference owner = network.getSpec().owner();
        if (network.getSpec().purpose() == NetworkPurpose.External) {
            triggers.gateway(ObjectNames.CLUSTER_GATEWAY);
            everyIp();
        } else if (owner != null) {
            triggers.peering(owner.clusterID());
        }
    }

    void peering(Peering peering) {
        everyIp();
        triggers.gateway(ObjectNames.CLUSTER_GATEWAY);
        triggers.peering(peering.getMetadata().getName());
        peeringChanged.run();
    }

    /** What a peer has followed may be what our gateway waits for. */
    void advertisement(Advertisement advertisement) {
        triggers.gateway(ObjectNames.CLUSTER_GATEWAY);
        ofPeer(advertisement);
    }

    /** An object that is named after the peer it is for. */
    void ofPeer(HasMetadata object) {
        triggers.peering(object.getMetadata().getName());
    }

    /** An exposure that changed may make room for another one with the same target, and is advertised to peers. */
    void ip(IP ip) {
        List<String> targets =
                ip.getStatus() == null ? List.of() : ip.getStatus().ips();
        view.ips().stream()
                .filter(other -> other.getStatus() != null)
                .filter(other ->
                        !Collections.disjoint(targets, other.getStatus().ips()))
                .forEach(this::ring);
        everyPeering();
    }

    void service(Service service) {
        String name = service.getMetadata().getName();
        String namespace = service.getMetadata().getNamespace();
        view.ips().stream()
                .filter(ip -> namespace.equals(ip.getMetadata().getNamespace()))
                .filter(ip -> ip.getSpec().serviceRef() instanceof ObjectName(var referred) && name.equals(referred))
                .forEach(this::ring);
    }

    /** The addresses that must not be exposed changed. */
    void guard() {
        everyIp();
    }

    private void everyNetwork() {
        view.networks()
                .forEach(network -> triggers.network(network.getMetadata().getName()));
    }

    private void everyIp() {
        view.ips().forEach(this::ring);
    }

    private void everyPeering() {
        view.peerings()
                .forEach(peering -> triggers.peering(peering.getMetadata().getName()));
    }

    private void ring(IP ip) {
        triggers.ip(ip.getMetadata().getNamespace(), ip.getMetadata().getName());
    }
}
