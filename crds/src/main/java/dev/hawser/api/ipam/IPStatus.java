// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the exposure stands.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record IPStatus(
        @JsonPropertyDescription("The local address it resolves to now; of a dual-stack Service its first.") @Nullable
        String ip,

        @JsonPropertyDescription("The same for every family; the first is ip.")
        List<String> ips,

        @JsonPropertyDescription("The one address that stands for ip in the external CIDR, the same for every peer.")
        @Nullable
        String externalIP,

        @JsonPropertyDescription("The same for every family, at most one of each; the first is externalIP.")
        List<String> externalIPs,

        @JsonPropertyDescription("Per peer that may use it: the external address.")
        Map<String, String> ipMappings,

        @JsonPropertyDescription("Per peer: the address as that peer dials it.")
        List<IPPeer> peers,

        @JsonPropertyDescription("What holds and what does not, in the form of metav1.Condition.")
        List<Condition> conditions,

        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration) {
    /** Absent collections are empty. */
    public IPStatus {
        ips = ips == null ? List.of() : List.copyOf(ips);
        externalIPs = externalIPs == null ? List.of() : List.copyOf(externalIPs);
        ipMappings = ipMappings == null ? Map.of() : Map.copyOf(ipMappings);
        peers = peers == null ? List.of() : List.copyOf(peers);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
