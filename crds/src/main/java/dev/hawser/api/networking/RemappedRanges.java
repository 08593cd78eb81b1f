// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * The ranges of a peer and their names here.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RemappedRanges(
        @JsonPropertyDescription("Pod CIDRs.") List<RemappedRange> podCIDRs,
        @JsonPropertyDescription("External CIDRs.") List<RemappedRange> externalCIDRs) {
    /** Absent collections are empty. */
    public RemappedRanges {
        podCIDRs = podCIDRs == null ? List.of() : List.copyOf(podCIDRs);
        externalCIDRs = externalCIDRs == null ? List.of() : List.copyOf(externalCIDRs);
    }
}
