// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * Ranges that a user would like to see for a peer.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RemapWish(
        @JsonPropertyDescription("Wished names for its pod CIDRs, in their order.")
        List<String> podCIDRs,

        @JsonPropertyDescription("Wished names for its external CIDRs, in their order.")
        List<String> externalCIDRs) {
    /** Absent collections are empty. */
    public RemapWish {
        podCIDRs = podCIDRs == null ? List.of() : List.copyOf(podCIDRs);
        externalCIDRs = externalCIDRs == null ? List.of() : List.copyOf(externalCIDRs);
    }
}
