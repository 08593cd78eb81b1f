// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.controller.plan.ObjectNames;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Which objects are concerned when another one changes. Safe for any thread. */
final class ViewEvents {
    private final ClusterView view;
    private final Triggers triggers;
    private final Runnable peeringChanged;
    private final Runnable everyNetwork;
    private final Runnable everyIp;
    private final Runnable everyPeering;

    /**
     * The rules over a view.
     *
     * @param peeringChanged called when a Peering came, changed or went
     * @param gathered makes of a task one that many may ask for at once: hundreds of IPs that come together concern every
     *     Peering, and are not worth a look at all of them each
     */
    ViewEvents(ClusterView view, Triggers triggers, Runnable peeringChanged, UnaryOperator<Runnable> gathered) {
        this.view = view;
        this.triggers = triggers;
        this.peeringChanged = peeringChanged;
        this.everyNetwork = gathered.apply(() -> view.networks()
                .forEach(network -> triggers.network(network.getMetadata().getName())));
        this.everyIp = gathered.apply(() -> view.ips().forEach(this::ring));
        this.everyPeering = gathered.apply(() -> view.peerings()
                .forEach(peering -> triggers.peering(peering.getMetadata().getName())));
    }

    void gateway(ClusterGateway gateway) {
        everyNetwork.run();
        everyIp.run();
        everyPeering.run();
    }

    void pool(Pool pool) {
        everyNetwork.run();
    }

    void network(Network network) {
        OwnerReference owner = network.getSpec().owner();
        if (network.getSpec().purpose() == NetworkPurpose.External) {
            triggers.gateway(ObjectNames.CLUSTER_GATEWAY);
            everyIp.run();
        } else if (owner != null) {
            triggers.peering(owner.clusterID());
        }
    }

    /** IPs say how each peer names them; of the many other changes of a Peering's status they need not hear. */
    void peering(Optional<Peering> before, Optional<Peering> now) {
        if (before.isPresent() != now.isPresent()
                || !before.flatMap(ViewEvents::namesOfUs).equals(now.flatMap(ViewEvents::namesOfUs))) {
            everyIp.run();
        }
        triggers.gateway(ObjectNames.CLUSTER_GATEWAY);
        now.or(() -> before)
                .ifPresent(peering -> triggers.peering(peering.getMetadata().getName()));
        peeringChanged.run();
    }

    private static Optional<RemappedRanges> namesOfUs(Peering peering) {
        return Optional.ofNullable(peering.getStatus())
                .flatMap(status -> Optional.ofNullable(status.advertised()))
                .flatMap(advertised -> Optional.ofNullable(advertised.remapOfUs()));
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
    void ip(Optional<IP> before, Optional<IP> now) {
        Stream.of(before, now)
                .flatMap(Optional::stream)
                .flatMap(ip -> ip.getStatus() == null ? Stream.empty() : ip.getStatus().ips().stream())
                .distinct()
                .flatMap(local -> view.ipsWithLocal(local).stream())
                .forEach(this::ring);
        if (!before.flatMap(ViewEvents::advertised).equals(now.flatMap(ViewEvents::advertised))) {
            everyPeering.run();
        }
    }

    /** What peers are told of an IP; empty while there is nothing to tell. */
    private static Optional<List<Object>> advertised(IP ip) {
        IPStatus status = ip.getStatus();
        return status == null || status.ipMappings().isEmpty()
                ? Optional.empty()
                : Optional.of(List.of(
                        status.ipMappings(), status.externalIPs(), ip.getSpec().ports()));
    }

    void service(Service service) {
        String name = service.getMetadata().getName();
        String namespace = service.getMetadata().getNamespace();
        view.ipsOfService(namespace, name).forEach(this::ring);
    }

    /** The addresses that must not be exposed changed. */
    void guard() {
        everyIp.run();
    }

    private void ring(IP ip) {
        triggers.ip(ip.getMetadata().getNamespace(), ip.getMetadata().getName());
    }
}
