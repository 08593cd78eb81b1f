// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.ClusterGatewayStatus;
import dev.hawser.tunnel.crypto.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The gateway's fields in the status of its ClusterGateway; the conditions there are the controller's. Pure. */
record GatewayReport(List<String> publicKeys, List<String> endpoints, String activePod, int peers, long generation) {
    static GatewayReport of(ClusterGateway gateway, GatewayPlan applied, String pod) {
        return new GatewayReport(
                applied.tunnel()
                        .map(tunnel -> tunnel.keys().publicKeys().stream()
                                .map(PublicKey::toBase64)
                                .toList())
                        .orElse(List.of()),
                gateway.getSpec().endpoints(),
                pod,
                applied.peers().size(),
                Optional.ofNullable(gateway.getMetadata().getGeneration()).orElse(0L));
    }

    /** Whether the status says all of this already. */
    boolean standsIn(@Nullable ClusterGatewayStatus status) {
        return status != null
                && status.publicKeys().equals(publicKeys)
                && status.endpoints().equals(endpoints)
                && activePod.equals(status.activePod())
                && Objects.equals(status.peers(), peers)
                && Objects.equals(status.observedGeneration(), generation);
    }

    /** What is sent, and nothing beside it: an empty list of conditions would claim the controller's list. */
    Map<String, Object> fields() {
        return Map.of(
                "publicKeys", publicKeys,
                "endpoints", endpoints,
                "activePod", activePod,
                "peers", peers,
                "observedGeneration", generation);
    }
}
