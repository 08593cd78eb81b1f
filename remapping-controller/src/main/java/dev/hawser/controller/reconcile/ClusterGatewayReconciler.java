// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.AdvertisementStatus;
import dev.hawser.api.networking.Announcement;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.ClusterGatewayStatus;
import dev.hawser.api.networking.Peering;
import dev.hawser.controller.plan.GatewayPlan;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.ipam.address.AddressException;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * ClusterGateway {@code this} -> the Networks of its external CIDRs, two conditions, and what every peer acknowledged. The
 * rest of its status is the gateway's, so only these are applied, under a field manager of our own.
 */
final class ClusterGatewayReconciler extends Loop<ClusterGateway> {
    private static final String READY = "Ready";
    private static final String ACKNOWLEDGED = "Acknowledged";
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("hawser-controller")
            .withForce(true)
            .build();

    /** Our part of the status. */
    private record Report(
            List<Condition> conditions, @Nullable Announcement acknowledged) {
        static Report in(ClusterGateway gateway) {
            ClusterGatewayStatus status = gateway.getStatus();
            return status == null
                    ? new Report(List.of(), null)
                    : new Report(ours(Conditions.of(status.conditions())), status.acknowledged());
        }

        Report with(String type, Verdict verdict, ClusterGateway gateway, Instant now) {
            return new Report(
                    Conditions.of(conditions)
                            .with(type, verdict, gateway.getMetadata().getGeneration(), now)
                            .toList(),
                    acknowledged);
        }

        Report with(Announcement announcement) {
            return new Report(conditions, announcement);
        }

        /** Written out whole each time: what is left out of an applied document is taken away from the object. */
        Map<String, Object> fields() {
            Map<String, Object> fields = new TreeMap<>();
            fields.put("conditions", conditions);
            if (acknowledged != null) {
                // With its empty lists: an API server makes null of a map whose last entry goes, and refuses that.
                fields.put(
                        "acknowledged",
                        Map.of("publicKeys", acknowledged.publicKeys(), "endpoints", acknowledged.endpoints()));
            }
            return fields;
        }

        private static List<Condition> ours(Conditions conditions) {
            return Stream.of(ACKNOWLEDGED, READY)
                    .flatMap(type -> conditions.find(type).stream())
                    .toList();
        }
    }

    private final KubernetesClient client;
    private final Writer writer;
    private final ClusterView view;
    private final Announcer announcer;
    private final Scope scope;
    private final InstantSource clock;

    ClusterGatewayReconciler(
            KubernetesClient client,
            Triggers triggers,
            ClusterView view,
            Announcer announcer,
            Scope scope,
            InstantSource clock) {
        super(triggers.gateways());
        this.client = client;
        this.writer = new Writer(client, view);
        this.view = view;
        this.announcer = announcer;
        this.scope = scope;
        this.clock = clock;
    }

    @Override
    void settle(ClusterGateway gateway) {
        if (!gateway.getMetadata().getName().equals(ObjectNames.CLUSTER_GATEWAY)) {
            report(
                    gateway,
                    new Verdict.Fails(
                            "NotThis",
                            "only ClusterGateway " + ObjectNames.CLUSTER_GATEWAY
                                    + " describes a cluster; delete this one"),
                    Report.in(gateway));
            return;
        }
        OwnCluster own;
        try {
            own = OwnCluster.of(gateway.getSpec(), gateway.getStatus());
        } catch (AddressException unreadable) {
            report(
                    gateway,
                    new Verdict.Fails("Unreadable", unreadable.getMessage() + "; correct the spec"),
                    Report.in(gateway));
            return;
        }
        Map<String, NetworkSpec> wanted = GatewayPlan.networks(own);
        wanted.forEach(this::network);
        view.networks().stream()
                .filter(ClusterGatewayReconciler::isOurs)
                .filter(network -> !wanted.containsKey(network.getMetadata().getName()))
                .forEach(network -> client.resource(network).delete());
        Map<String, Announcement> applied = applied();
        report(
                gateway,
                GatewayPlan.ready(own, granted()),
                Report.in(gateway)
                        .with(
                                ACKNOWLEDGED,
                                GatewayPlan.followed(own, applied, isPublished(gateway)),
                                gateway,
                                clock.instant())
                        .with(GatewayPlan.acknowledged(own, applied)));
    }

    private static boolean isOurs(Network network) {
        OwnerReference owner = network.getSpec().owner();
        return network.getSpec().purpose() == NetworkPurpose.External
                && owner != null
                && owner.kind().equals("ClusterGateway");
    }

    private void network(String name, NetworkSpec wanted) {
        boolean stands = view.network(name)
                .filter(network -> wanted.equals(network.getSpec()))
                .isPresent();
        if (!stands) {
            writer.put(Network.class, Network::new, scope.namespace(), name, wanted);
        }
    }

    private List<String> granted() {
        return view.networks().stream()
                .map(Network::getStatus)
                .filter(status ->
                        status != null && Conditions.of(status.conditions()).holds(READY))
                .map(NetworkStatus::cidr)
                .filter(Objects::nonNull)
                .toList();
    }

    private static boolean isPublished(ClusterGateway gateway) {
        Long observed = gateway.getStatus() == null ? null : gateway.getStatus().observedGeneration();
        return observed != null && observed >= gateway.getMetadata().getGeneration();
    }

    /** What each peer is known to apply. A Peering counts from its first moment: its peer may know us already. */
    private Map<String, Announcement> applied() {
        Map<String, Announcement> applied = new TreeMap<>();
        for (Peering peering : view.peerings()) {
            String peerID = peering.getMetadata().getName();
            applied.put(
                    peerID,
                    view.advertisement(scope.peersNamespace(), peerID)
                            .map(Advertisement::getStatus)
                            .map(AdvertisementStatus::applied)
                            .orElse(Announcement.NOTHING));
        }
        return applied;
    }

    private void report(ClusterGateway gateway, Verdict ready, Report otherwise) {
        Report before = Report.in(gateway);
        Report wanted = otherwise.with(READY, ready, gateway, clock.instant());
        if (wanted.equals(before)) {
            return;
        }
        Map<String, Object> patch = Map.of(
                "apiVersion", gateway.getApiVersion(),
                "kind", gateway.getKind(),
                "metadata", Map.of("name", gateway.getMetadata().getName()),
                "status", wanted.fields());
        client.resources(ClusterGateway.class)
                .inNamespace(scope.namespace())
                .withName(gateway.getMetadata().getName())
                .subresource("status")
                .patch(APPLY, Serialization.asJson(patch));
        boolean turned = Conditions.of(before.conditions())
                .find(READY)
                .filter(old -> ready.status().equals(old.getStatus()))
                .isEmpty();
        if (turned) {
            announcer.tell(gateway, !(ready instanceof Verdict.Holds), ready.reason(), ready.message());
        }
    }
}
