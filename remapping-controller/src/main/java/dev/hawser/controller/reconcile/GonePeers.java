// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.Peering;
import dev.hawser.controller.peering.InBandSessions;
import dev.hawser.controller.plan.OwnCluster;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removal of what a Peering leaves behind. There may be no garbage collector in the cluster, and a finalizer would keep
 * people from deleting a Peering while the controller is away; so what stands is compared with the Peerings.
 *
 * <p>The Networks stay for a while: a peer that comes back gets the names that it had. Safe for one thread at a time.
 */
final class GonePeers {
    private static final Logger LOG = LoggerFactory.getLogger(GonePeers.class);

    private final KubernetesClient client;
    private final ClusterView view;
    private final PeeringReconciler.Hands hands;
    private final InBandSessions sessions;
    private final Scope scope;
    private final InstantSource clock;

    GonePeers(
            KubernetesClient client,
            ClusterView view,
            PeeringReconciler.Hands hands,
            InBandSessions sessions,
            Scope scope,
            InstantSource clock) {
        this.client = client;
        this.view = view;
        this.hands = hands;
        this.sessions = sessions;
        this.scope = scope;
        this.clock = clock;
    }

    /** Compares once and removes. */
    void sweep() {
        Set<String> living = view.peerings().stream()
                .map(peering -> peering.getMetadata().getName())
                .collect(Collectors.toSet());
        sessions.retain(living);
        Set<String> gone = new TreeSet<>();
        view.configurations().forEach(object -> gone.add(object.getMetadata().getName()));
        view.connections().forEach(object -> gone.add(object.getMetadata().getName()));
        String own = view.own().map(OwnCluster::clusterID).orElse("");
        view.advertisements().stream()
                .filter(advertisement -> own.equals(advertisement.getSpec().clusterID()))
                .forEach(advertisement -> gone.add(advertisement.getMetadata().getName()));
        gone.removeAll(living);
        gone.stream().filter(this::isReallyGone).forEach(this::remove);
        view.networks().forEach(network -> network(network, living));
    }

    /** The view may lag behind a Peering that has just come. */
    private boolean isReallyGone(String peerID) {
        return client.resources(Peering.class)
                        .inNamespace(scope.namespace())
                        .withName(peerID)
                        .get()
                == null;
    }

    /** What is listed goes last, so that a crash in between is made good by the next sweep. */
    private void remove(String peerID) {
        LOG.info("Peering {} is gone; removing what it left", peerID);
        hands.kubeconfigs().delete(peerID);
        hands.access().revoke(peerID);
        client.resources(Advertisement.class)
                .inNamespace(scope.peersNamespace())
                .withName(peerID)
                .delete();
        client.resources(Connection.class)
                .inNamespace(scope.namespace())
                .withName(peerID)
                .delete();
        client.resources(Configuration.class)
                .inNamespace(scope.namespace())
                .withName(peerID)
                .delete();
    }

    private void network(Network network, Set<String> living) {
        OwnerReference owner = network.getSpec().owner();
        if (owner == null || network.getSpec().purpose() != NetworkPurpose.Remapped) {
            return;
        }
        if (!owner.kind().equals("Peering") || living.contains(owner.clusterID())) {
            return;
        }
        Instant now = clock.instant();
        Optional<Instant> since = Optional.ofNullable(
                        network.getMetadata().getAnnotations().get(Writer.RELEASED))
                .map(Instant::parse);
        if (since.isEmpty()) {
            if (isReallyGone(owner.clusterID())) {
                hands.writer().release(network, now.toString());
            }
        } else if (since.get().plus(scope.blockCoolDown()).isBefore(now)) {
            LOG.info(
                    "the names of cluster \"{}\" are free again: Network {}",
                    owner.clusterID(),
                    network.getMetadata().getName());
            client.resource(network).delete();
            hands.blocks().forget(owner);
        }
    }
}
