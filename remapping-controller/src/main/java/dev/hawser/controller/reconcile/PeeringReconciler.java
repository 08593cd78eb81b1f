// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPSpec;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.networking.APIServerIdentity;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.ExposureAdvertisement;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.controller.peering.InBandSessions;
import dev.hawser.controller.peering.PeerTarget;
import dev.hawser.controller.plan.Action;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.controller.plan.PeeringObserved;
import dev.hawser.controller.plan.PeeringPlan;
import dev.hawser.controller.plan.Seen;
import dev.hawser.ipam.address.Cidr;
import io.fabric8.kubernetes.client.CustomResource;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Peering -> Networks, Configuration, Connection, the peer's access, the Advertisement for it, and the conversation. */
final class PeeringReconciler extends Loop<Peering> {
    private static final int PROXY_PORT = 8118;
    private static final Logger LOG = LoggerFactory.getLogger(PeeringReconciler.class);

    /** Where the actions go. */
    record Hands(
            Writer writer, PeerAccess access, KubeconfigSecrets kubeconfigs, Announcer announcer, BlockLedger blocks) {}

    private final ClusterView view;
    private final Hands hands;
    private final InBandSessions sessions;
    private final Scope scope;
    private final InstantSource clock;
    private final AdvertisementPace pace = new AdvertisementPace();

    PeeringReconciler(
            Triggers triggers,
            ClusterView view,
            Hands hands,
            InBandSessions sessions,
            Scope scope,
            InstantSource clock) {
        super(triggers.peerings());
        this.view = view;
        this.hands = hands;
        this.sessions = sessions;
        this.scope = scope;
        this.clock = clock;
    }

    @Override
    void settle(Peering peering) {
        Optional<OwnCluster> own = view.own();
        if (own.isEmpty()) {
            PeeringPlan.withoutGateway(seen(peering), clock.instant()).forEach(action -> act(peering, action));
            return;
        }
        PeeringObserved observed = observe(peering, own.get());
        PeeringPlan.actions(observed, clock.instant()).forEach(action -> act(peering, action));
        target(observed).ifPresent(target -> sessions.talk(target, standing(peering)));
    }

    private PeeringObserved observe(Peering peering, OwnCluster own) {
        String peerID = peering.getMetadata().getName();
        return new PeeringObserved(
                seen(peering),
                own,
                networks(peerID),
                hands.blocks().granted(),
                view.configuration(peerID).map(PeeringReconciler::seen),
                view.connection(peerID).map(PeeringReconciler::seen),
                view.advertisement(scope.peersNamespace(), peerID).map(PeeringReconciler::seen),
                hands.access().stands(peerID),
                hands.kubeconfigs().text(peerID),
                sessions.known(peerID),
                exposures(peerID),
                ownProxy(),
                scope.version(),
                scope.rangeOverlap());
    }

    private Map<String, Seen<NetworkSpec, NetworkStatus>> networks(String peerID) {
        Map<String, Seen<NetworkSpec, NetworkStatus>> networks = new HashMap<>();
        for (Network network : view.networks()) {
            OwnerReference owner = network.getSpec().owner();
            if (owner != null && owner.clusterID().equals(peerID)) {
                networks.put(network.getMetadata().getName(), seenAsGranted(network, owner));
            }
        }
        return networks;
    }

    /** A hand may have written over the status; until the ledger repairs that, what was granted counts. */
    private Seen<NetworkSpec, NetworkStatus> seenAsGranted(Network network, OwnerReference owner) {
        Seen<NetworkSpec, NetworkStatus> seen = seen(network);
        NetworkStatus status = seen.status();
        Optional<Cidr> block = hands.blocks().granted(owner);
        if (status == null || block.isEmpty()) {
            return seen;
        }
        return new Seen<>(
                seen.uid(),
                seen.generation(),
                seen.spec(),
                new NetworkStatus(
                        block.get().toString(),
                        status.intents(),
                        status.released(),
                        Conditions.of(status.conditions())
                                .with("Ready", new Verdict.Holds("Granted", ""), seen.generation(), clock.instant())
                                .toList(),
                        status.observedGeneration()));
    }

    private List<ExposureAdvertisement> exposures(String peerID) {
        List<ExposureAdvertisement> exposures = new ArrayList<>();
        for (IP ip : view.ips()) {
            IPStatus status = ip.getStatus();
            String address = status == null ? null : status.ipMappings().get(peerID);
            if (status != null && address != null) {
                exposures.add(new ExposureAdvertisement(
                        ip.getMetadata().getNamespace(),
                        ip.getMetadata().getName(),
                        address,
                        status.externalIPs(),
                        ip.getSpec().ports()));
            }
        }
        exposures.sort(
                Comparator.comparing(ExposureAdvertisement::namespace).thenComparing(ExposureAdvertisement::name));
        return exposures;
    }

    private Optional<ProxyAddress> ownProxy() {
        Optional<IP> proxy = view.ip(scope.namespace(), ObjectNames.API_SERVER_PROXY);
        String address = proxy.map(IP::getStatus).map(IPStatus::externalIP).orElse(null);
        return address == null
                ? Optional.empty()
                : proxy.map(IP::getSpec).map(spec -> new ProxyAddress(address, port(spec)));
    }

    private static int port(IPSpec spec) {
        return spec.ports().isEmpty() ? PROXY_PORT : spec.ports().getFirst().port();
    }

    private Optional<PeerTarget> target(PeeringObserved observed) {
        PeeringSpec spec = observed.peering().spec();
        APIServerIdentity server = spec.apiServer();
        Optional<ProxyAddress> proxy = PeeringPlan.apiServer(observed);
        if (server == null || proxy.isEmpty()) {
            return Optional.empty();
        }
        List<Cidr> own = new ArrayList<>(observed.own().podCidrs());
        own.addAll(observed.own().externalCidrs());
        return Optional.of(new PeerTarget(
                observed.peerID(),
                observed.own().clusterID(),
                proxy.get(),
                server,
                spec.credentialSecretRef() == null
                        ? ObjectNames.credentialSecret(observed.peerID())
                        : spec.credentialSecretRef().name(),
                observed.connected(),
                Set.copyOf(spec.publicKeys()),
                spec.externalCIDRs().stream().map(Cidr::parse).toList(),
                own));
    }

    private static Optional<LearnedAdvertisement> standing(Peering peering) {
        return Optional.ofNullable(peering.getStatus()).map(PeeringStatus::advertised);
    }

    private void act(Peering peering, Action action) {
        LOG.debug("Peering {}: {}", peering.getMetadata().getName(), action.explain());
        String peerID = peering.getMetadata().getName();
        Writer writer = hands.writer();
        switch (action) {
            case Action.ClaimNetwork(String name, NetworkSpec spec) ->
                writer.put(Network.class, Network::new, scope.namespace(), name, spec);
            case Action.PutConfiguration put ->
                writer.put(Configuration.class, Configuration::new, scope.namespace(), peerID, put.spec());
            case Action.PutConfigurationStatus put ->
                writer.putStatus(Configuration.class, Configuration::new, scope.namespace(), peerID, _ -> put.status());
            case Action.PutConnection put ->
                writer.put(Connection.class, Connection::new, scope.namespace(), peerID, put.spec());
            case Action.AdmitPeer _ -> hands.access().grant(peerID);
            case Action.PutAdvertisement put -> advertise(peerID, put.spec());
            case Action.PutAdvertisementStatus put ->
                writer.putStatus(
                        Advertisement.class, Advertisement::new, scope.peersNamespace(), peerID, _ -> put.status());
            case Action.PutKubeconfig put -> hands.kubeconfigs().put(peerID, put.text());
            case Action.PutPeeringStatus put ->
                writer.putStatus(Peering.class, Peering::new, scope.namespace(), peerID, _ -> put.status());
            case Action.Tell tell -> hands.announcer().tell(peering, tell.warning(), tell.reason(), tell.message());
        }
    }

    private void advertise(String peerID, AdvertisementSpec wanted) {
        Optional<AdvertisementSpec> stands =
                view.advertisement(scope.peersNamespace(), peerID).map(Advertisement::getSpec);
        if (pace.admits(peerID, stands, wanted, view.peerings().size(), System.nanoTime())) {
            hands.writer().put(Advertisement.class, Advertisement::new, scope.peersNamespace(), peerID, wanted);
        }
    }

    private static <S, T> Seen<S, T> seen(CustomResource<S, T> object) {
        Long generation = object.getMetadata().getGeneration();
        @Nullable T status = object.getStatus();
        return new Seen<>(object.getMetadata().getUid(), generation == null ? 0 : generation, object.getSpec(), status);
    }
}
