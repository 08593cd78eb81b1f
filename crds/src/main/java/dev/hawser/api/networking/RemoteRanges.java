// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/**
 * The own ranges of a peer.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RemoteRanges(
        @JsonPropertyDescription("The peer.") @Required String clusterID,
        @JsonPropertyDescription("Its pod CIDRs.") List<String> podCIDRs,
        @JsonPropertyDescription("Its external CIDRs.") List<String> externalCIDRs) {
    /** Absent collections are empty. */
    public RemoteRanges {
        podCIDRs = podCIDRs == null ? List.of() : List.copyOf(podCIDRs);
        externalCIDRs = externalCIDRs == null ? List.of() : List.copyOf(externalCIDRs);
    }
}
