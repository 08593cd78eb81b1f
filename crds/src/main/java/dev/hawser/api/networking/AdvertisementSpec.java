// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What this cluster tells one peer.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AdvertisementSpec(
        @JsonPropertyDescription("Who we are.") @Required String clusterID,
        @JsonPropertyDescription("Our public keys, base64.") List<String> publicKeys,
        @JsonPropertyDescription("Our endpoints.") List<String> endpoints,
        @JsonPropertyDescription("Our pod CIDRs.") List<String> podCIDRs,
        @JsonPropertyDescription("Our external CIDRs.") List<String> externalCIDRs,

        @JsonPropertyDescription("Our API server proxy.") @Nullable
        ProxyAddress proxy,

        @JsonPropertyDescription("What the addressee may reach besides pods.")
        List<ExposureAdvertisement> exposures,

        @JsonPropertyDescription("How the ranges of the addressee are named here.") @Nullable
        RemappedRanges remapOfYou,

        @JsonPropertyDescription("We are about to end the peering.") @Nullable
        Boolean leaving,

        @JsonPropertyDescription("Our version of Hawser.") @Nullable
        String version) {
    /** Absent collections are empty. */
    public AdvertisementSpec {
        publicKeys = publicKeys == null ? List.of() : List.copyOf(publicKeys);
        endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
        podCIDRs = podCIDRs == null ? List.of() : List.copyOf(podCIDRs);
        externalCIDRs = externalCIDRs == null ? List.of() : List.copyOf(externalCIDRs);
        exposures = exposures == null ? List.of() : List.copyOf(exposures);
    }
}
