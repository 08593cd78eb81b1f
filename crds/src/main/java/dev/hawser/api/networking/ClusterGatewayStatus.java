// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway found and made.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterGatewayStatus(
        @JsonPropertyDescription("Public keys of the gateway, the current one first, base64.")
        List<String> publicKeys,

        @JsonPropertyDescription("Endpoints announced to peers.")
        List<String> endpoints,

        @JsonPropertyDescription(
                "Those of them that every peer is known to apply; what is not among them must not be relied on.")
        @Nullable
        Announcement acknowledged,

        @JsonPropertyDescription("The gateway that carries the traffic.") @Nullable
        String activePod,

        @JsonPropertyDescription("Number of peers it knows.") @Nullable
        Integer peers,

        @JsonPropertyDescription(
                "Routes of the gateway's node outside our own ranges, which new names keep clear of; 64 at most.")
        List<NodeRoute> nodeRoutes,

        @JsonPropertyDescription("What holds and what does not, in the form of metav1.Condition.")
        List<Condition> conditions,

        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration) {
    /** Absent collections are empty. */
    public ClusterGatewayStatus {
        publicKeys = publicKeys == null ? List.of() : List.copyOf(publicKeys);
        endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
        nodeRoutes = nodeRoutes == null ? List.of() : List.copyOf(nodeRoutes);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
