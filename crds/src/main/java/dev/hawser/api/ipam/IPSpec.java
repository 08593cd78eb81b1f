// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to expose, and to whom.
 */
@ValidationRule(
        value = "[has(self.serviceRef), has(self.ip), has(self.nodeRef)].filter(x, x).size() == 1",
        message = "set exactly one of serviceRef, ip and nodeRef")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record IPSpec(
        @JsonPropertyDescription(
                "The Service in this namespace whose cluster IP is exposed; followed when it is created again.")
        @Nullable
        ObjectName serviceRef,

        @JsonPropertyDescription("A fixed local address to expose.") @Nullable
        String ip,

        @JsonPropertyDescription("The node whose address may be a source towards peers.") @Nullable
        ObjectName nodeRef,

        @JsonPropertyDescription("If not empty, only these ports pass.")
        List<PortRule> ports,

        @JsonPropertyDescription("IDs of the clusters that may use it; * means every peer; nobody if empty.")
        List<String> peers,

        @JsonPropertyDescription("Hide the remote source behind the gateway, for targets that have no route back.")
        @Nullable
        Boolean masquerade) {
    /** Absent collections are empty. */
    public IPSpec {
        ports = ports == null ? List.of() : List.copyOf(ports);
        peers = peers == null ? List.of() : List.copyOf(peers);
    }
}
