// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.ClusterGatewayStatus;
import dev.hawser.api.networking.NodeRoute;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.node.HostRoutes.HostRoute;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The gateway's fields in the status of its ClusterGateway; the conditions there are the controller's. Pure. */
record GatewayReport(
        List<String> publicKeys,
        List<String> endpoints,
        String activePod,
        int peers,
        List<NodeRoute> nodeRoutes,
        long generation) {
    private static final int MOST_ROUTES = 64;

    /** @param routes those of the node; nothing while nobody knows them, so that what was said before stands */
    static GatewayReport of(ClusterGateway gateway, GatewayPlan applied, String pod, Optional<List<HostRoute>> routes) {
        return new GatewayReport(
                applied.tunnel()
                        .map(tunnel -> tunnel.keys().publicKeys().stream()
                                .map(PublicKey::toBase64)
                                .toList())
                        .orElse(List.of()),
                gateway.getSpec().endpoints(),
                pod,
                applied.peers().size(),
                routes.map(known -> foreign(gateway, known))
                        .or(() -> Optional.ofNullable(gateway.getStatus()).map(ClusterGatewayStatus::nodeRoutes))
                        .orElse(List.of()),
                Optional.ofNullable(gateway.getMetadata().getGeneration()).orElse(0L));
    }

    /** Of those outside our own ranges the ones of bridges and other links first: they are the likelier to be in use. */
    private static List<NodeRoute> foreign(ClusterGateway gateway, List<HostRoute> routes) {
        OwnRanges own = OwnRanges.of(gateway.getSpec(), problem -> {});
        return routes.stream()
                .filter(route -> !own.hold(route.destination()))
                .sorted(Comparator.comparing((HostRoute route) -> route.via().isPresent())
                        .thenComparing(HostRoute::destination)
                        .thenComparing(HostRoute::device))
                .map(route -> new NodeRoute(
                        route.destination().toString(),
                        route.device(),
                        route.via().map(IpAddress::toString).orElse(null)))
                .limit(MOST_ROUTES)
                .toList();
    }

    /** Whether the status says all of this already. */
    boolean standsIn(@Nullable ClusterGatewayStatus status) {
        return status != null
                && status.publicKeys().equals(publicKeys)
                && status.endpoints().equals(endpoints)
                && activePod.equals(status.activePod())
                && Objects.equals(status.peers(), peers)
                && status.nodeRoutes().equals(nodeRoutes)
                && Objects.equals(status.observedGeneration(), generation);
    }

    /** What is sent, and nothing beside it: an empty list of conditions would claim the controller's list. */
    Map<String, Object> fields() {
        return Map.of(
                "publicKeys", publicKeys,
                "endpoints", endpoints,
                "activePod", activePod,
                "peers", peers,
                "nodeRoutes", nodeRoutes,
                "observedGeneration", generation);
    }
}
