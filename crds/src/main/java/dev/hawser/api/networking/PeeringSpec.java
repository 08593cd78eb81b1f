// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.hawser.api.ipam.ObjectName;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The bundle of a peer: what must be known of it before the tunnel exists.
 */
@ValidationRule(
        value = "self.clusterID == oldSelf.clusterID",
        message = "clusterID names the peer and cannot change; create another Peering instead")
@ValidationRule(
        value = "has(self.publicKeys) && self.publicKeys.size() > 0",
        message = "name at least one public key of the peer")
@ValidationRule(
        value = "has(self.podCIDRs) && self.podCIDRs.size() > 0",
        message = "name at least one pod CIDR of the peer")
@ValidationRule(
        value = "has(self.externalCIDRs) && self.externalCIDRs.size() > 0",
        message = "name at least one external CIDR of the peer")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PeeringSpec(
        @JsonPropertyDescription("The peer.") @Required String clusterID,

        @JsonPropertyDescription("Public keys of its gateway, base64.")
        List<String> publicKeys,

        @JsonPropertyDescription("host:port of its gateway; may be empty on one of the two sides.")
        List<String> endpoints,

        @JsonPropertyDescription("Its own pod CIDRs.") List<String> podCIDRs,
        @JsonPropertyDescription("Its own external CIDRs.") List<String> externalCIDRs,

        @JsonPropertyDescription("Its API server proxy.") @Nullable
        ProxyAddress proxy,

        @JsonPropertyDescription("Its API server.") @Nullable
        APIServerIdentity apiServer,

        @JsonPropertyDescription(
                "Secret in this namespace whose key token opens the one Advertisement that the peer keeps for us.")
        @Nullable
        ObjectName credentialSecretRef,

        @JsonPropertyDescription("Names wished for its ranges.") @Nullable
        RemapWish remap,

        @JsonPropertyDescription("Keep the objects and carry no traffic.") @Nullable
        Boolean paused,

        @JsonPropertyDescription("Version of Hawser in the peer.") @Nullable
        String version) {
    /** Absent collections are empty. */
    public PeeringSpec {
        publicKeys = publicKeys == null ? List.of() : List.copyOf(publicKeys);
        endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
        podCIDRs = podCIDRs == null ? List.of() : List.copyOf(podCIDRs);
        externalCIDRs = externalCIDRs == null ? List.of() : List.copyOf(externalCIDRs);
    }
}
