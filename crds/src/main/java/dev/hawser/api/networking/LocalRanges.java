// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * Our own ranges, as the peer knows them.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LocalRanges(
        @JsonPropertyDescription("Pod CIDRs.") List<String> podCIDRs,
        @JsonPropertyDescription("External CIDRs.") List<String> externalCIDRs) {
    /** Absent collections are empty. */
    public LocalRanges {
        podCIDRs = podCIDRs == null ? List.of() : List.copyOf(podCIDRs);
        externalCIDRs = externalCIDRs == null ? List.of() : List.copyOf(externalCIDRs);
    }
}
