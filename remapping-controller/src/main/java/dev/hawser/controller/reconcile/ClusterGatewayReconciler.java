// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.controller.plan.GatewayPlan;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.ipam.address.AddressException;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * ClusterGateway {@code this} -> the Networks of its external CIDRs, and condition Ready. The rest of its status is the
 * gateway's, so only that condition is applied, under a field manager of our own.
 */
final class ClusterGatewayReconciler extends Loop<ClusterGateway> {
    private static final String READY = "Ready";

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
        this.writer = new Writer(client);
        this.view = view;
        this.announcer = announcer;
        this.scope = scope;
        this.clock = clock;
    }

    @Override
    void settle(ClusterGateway gateway) {
        if (!gateway.getMetadata().getName().equals(ObjectNames.CLUSTER_GATEWAY)) {
            ready(
                    gateway,
                    new Verdict.Fails(
                            "NotThis",
                            "only ClusterGateway " + ObjectNames.CLUSTER_GATEWAY
                                    + " describes a cluster; delete this one"));
            return;
        }
        OwnCluster own;
        try {
            own = OwnCluster.of(gateway.getSpec(), gateway.getStatus());
        } catch (AddressException unreadable) {
            ready(gateway, new Verdict.Fails("Unreadable", unreadable.getMessage() + "; correct the spec"));
            return;
        }
        Map<String, NetworkSpec> wanted = GatewayPlan.networks(own);
        wanted.forEach(this::network);
        view.networks().stream()
                .filter(ClusterGatewayReconciler::isOurs)
                .filter(network -> !wanted.containsKey(network.getMetadata().getName()))
                .forEach(network -> client.resource(network).delete());
        List<String> granted = view.networks().stream()
                .map(Network::getStatus)
                .filter(status ->
                        status != null && Conditions.of(status.conditions()).holds(READY))
                .map(NetworkStatus::cidr)
                .filter(Objects::nonNull)
                .toList();
        ready(gateway, GatewayPlan.ready(own, granted));
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

    private void ready(ClusterGateway gateway, Verdict verdict) {
        Conditions before = Conditions.of(
                gateway.getStatus() == null ? List.of() : gateway.getStatus().conditions());
        Condition wanted = before.with(READY, verdict, gateway.getMetadata().getGeneration(), clock.instant())
                .find(READY)
                .orElseThrow();
        if (before.find(READY).filter(wanted::equals).isPresent()) {
            return;
        }
        Map<String, Object> patch = Map.of(
                "apiVersion", gateway.getApiVersion(),
                "kind", gateway.getKind(),
                "metadata", Map.of("name", gateway.getMetadata().getName()),
                "status", Map.of("conditions", List.of(wanted)));
        client.resources(ClusterGateway.class)
                .inNamespace(scope.namespace())
                .withName(gateway.getMetadata().getName())
                .subresource("status")
                .patch(
                        new PatchContext.Builder()
                                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                                .withFieldManager("hawser-controller")
                                .withForce(true)
                                .build(),
                        Serialization.asJson(patch));
        boolean turned = before.find(READY)
                .filter(old -> Objects.equals(old.getStatus(), wanted.getStatus()))
                .isEmpty();
        if (turned) {
            announcer.tell(gateway, !(verdict instanceof Verdict.Holds), verdict.reason(), verdict.message());
        }
    }
}
