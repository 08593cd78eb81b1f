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
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.controller.plan.Succession;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removal of what a Peering leaves behind. There may be no garbage collector in the cluster, and a finalizer would keep
 * people from deleting a Peering while the controller is away; so what stands is compared with the Peerings.
 *
 * <p>The Networks stay for a while: a peer that comes back, or goes back to a range, gets the names that it had. Safe for one thread at a time.
 */
final class GonePeers {
    /** For so long a removal is repeated: a loop that looked at the Peering just before may still be writing. */
    private static final Duration REPEATED = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(GonePeers.class);

    private final KubernetesClient client;
    private final ClusterView view;
    private final PeeringReconciler.Hands hands;
    private final InBandSessions sessions;
    private final Scope scope;
    private final InstantSource clock;
    /** Who was removed of late, and when first. */
    private final Map<String, Instant> removed = new HashMap<>();

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
        Instant now = clock.instant();
        removed.values().removeIf(first -> first.plus(REPEATED).isBefore(now));
        removed.keySet().removeAll(living);
        Set<String> gone = new TreeSet<>(removed.keySet());
        leftovers().map(object -> object.getMetadata().getName()).forEach(gone::add);
        gone.removeAll(living);
        gone.stream().filter(this::isReallyGone).forEach(peerID -> remove(peerID, now));
        view.networks().forEach(network -> network(network, living, now));
    }

    /** Whatever the controller makes for a peer and may list; in the namespace of peers others may make objects, too. */
    private Stream<HasMetadata> leftovers() {
        return Stream.concat(
                Stream.<List<? extends HasMetadata>>of(view.configurations(), view.connections())
                        .flatMap(List::stream),
                Stream.<List<? extends HasMetadata>>of(
                                view.advertisements(), view.accounts(), view.roles(), view.bindings())
                        .flatMap(List::stream)
                        .filter(Writer::isLabelled));
    }

    /** The view may lag behind a Peering that has just come. */
    private boolean isReallyGone(String peerID) {
        return client.resources(Peering.class)
                        .inNamespace(scope.namespace())
                        .withName(peerID)
                        .get()
                == null;
    }

    /** Secrets are not listed, so they go first: after a crash in between the next sweep begins again. */
    private void remove(String peerID, Instant now) {
        if (removed.putIfAbsent(peerID, now) == null) {
            LOG.info("Peering {} is gone; removing what it left", peerID);
        }
        client.secrets()
                .inNamespace(scope.namespace())
                .withName(ObjectNames.credentialSecret(peerID))
                .delete();
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

    private void network(Network network, Set<String> living, Instant now) {
        OwnerReference owner = network.getSpec().owner();
        if (owner == null || network.getSpec().purpose() != NetworkPurpose.Remapped) {
            return;
        }
        if (!owner.kind().equals("Peering")) {
            return;
        }
        boolean lives = living.contains(owner.clusterID());
        if (lives && isNeeded(network, owner)) {
            if (Writer.isReleased(network)) {
                hands.writer().reclaim(network);
            }
            return;
        }
        Optional<Instant> since = released(network);
        if (since.isEmpty()) {
            if (lives || isReallyGone(owner.clusterID())) {
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

    /** A view that lags only delays a release, or takes it back at the next sweep. */
    private boolean isNeeded(Network network, OwnerReference owner) {
        return view.peering(owner.clusterID())
                .map(peering -> Succession.needs(
                        peering.getSpec(),
                        view.configuration(owner.clusterID()).map(Configuration::getStatus),
                        network.getSpec(),
                        network.getStatus()))
                .orElse(true);
    }

    private static Optional<Instant> released(Network network) {
        try {
            return Optional.ofNullable(network.getMetadata().getAnnotations().get(Writer.RELEASED))
                    .map(Instant::parse);
        } catch (DateTimeParseException editedByHand) {
            return Optional.empty();
        }
    }
}
