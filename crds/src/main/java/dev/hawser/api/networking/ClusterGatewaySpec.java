// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who this cluster is, and how its gateway is reached.
 */
@ValidationRule(
        value = "self.clusterID == oldSelf.clusterID",
        message =
                "clusterID cannot change while peers know it; unpeer, delete this object and create it with the new ID")
@ValidationRule(value = "has(self.podCIDRs) && self.podCIDRs.size() > 0", message = "name at least one pod CIDR")
@ValidationRule(
        value = "has(self.externalCIDRs) && self.externalCIDRs.size() > 0",
        message = "name at least one external CIDR, for example 10.70.0.0/16")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ClusterGatewaySpec(
        @JsonPropertyDescription("Name of this cluster, unique in the fabric.")
        @Required
        @Pattern("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$")
        String clusterID,

        @JsonPropertyDescription("Ranges of the pods of this cluster, plain CIDRs, host bits zero.")
        List<String> podCIDRs,

        @JsonPropertyDescription("Ranges of its Services.") List<String> serviceCIDRs,

        @JsonPropertyDescription("Ranges under which it exposes anything else to peers.")
        List<String> externalCIDRs,

        @JsonPropertyDescription("The Service through which peers reach the gateway, if any.") @Nullable
        GatewayService service,

        @JsonPropertyDescription("UDP ports that the gateway listens on; 51820 if empty.")
        List<Integer> listenPorts,

        @JsonPropertyDescription("host:port to announce to peers; if empty, this gateway only dials out.")
        List<String> endpoints,

        @JsonPropertyDescription("A higher number starts a rotation of the key.") @Nullable
        Long keyGeneration,

        @JsonPropertyDescription("MTU of the tunnel interface; found out if absent.") @Min(1280) @Max(65535) @Nullable
        Integer mtu,

        @JsonPropertyDescription("How many gateways stand ready.") @Min(0) @Nullable
        Integer replicas,

        @JsonPropertyDescription("Nodes that may carry the gateway.")
        Map<String, String> nodeSelector,

        @JsonPropertyDescription(
                "Ranges that IP objects may expose although they are loopback, link-local, node or API server addresses.")
        List<String> exposeAllowList) {
    /** Absent collections are empty. */
    public ClusterGatewaySpec {
        podCIDRs = podCIDRs == null ? List.of() : List.copyOf(podCIDRs);
        serviceCIDRs = serviceCIDRs == null ? List.of() : List.copyOf(serviceCIDRs);
        externalCIDRs = externalCIDRs == null ? List.of() : List.copyOf(externalCIDRs);
        listenPorts = listenPorts == null ? List.of() : List.copyOf(listenPorts);
        endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
        nodeSelector = nodeSelector == null ? Map.of() : Map.copyOf(nodeSelector);
        exposeAllowList = exposeAllowList == null ? List.of() : List.copyOf(exposeAllowList);
    }
}
