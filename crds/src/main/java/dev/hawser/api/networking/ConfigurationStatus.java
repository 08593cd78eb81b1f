// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The names that the ranges of a peer have here.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConfigurationStatus(
        @JsonPropertyDescription("Range by range.") @Nullable
        RemappedRanges remote,

        @JsonPropertyDescription("Those of remote that the peer has left: packets from them are taken for a while.")
        List<FormerRange> formerRanges,

        @JsonPropertyDescription("The names of its pod CIDRs alone, for printing.")
        List<String> remappedPodCIDRs,

        @JsonPropertyDescription("The names of its external CIDRs alone, for printing.")
        List<String> remappedExternalCIDRs,

        @JsonPropertyDescription("What holds and what does not, in the form of metav1.Condition.")
        List<Condition> conditions,

        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration) {
    /** Absent collections are empty. */
    public ConfigurationStatus {
        formerRanges = formerRanges == null ? List.of() : List.copyOf(formerRanges);
        remappedPodCIDRs = remappedPodCIDRs == null ? List.of() : List.copyOf(remappedPodCIDRs);
        remappedExternalCIDRs = remappedExternalCIDRs == null ? List.of() : List.copyOf(remappedExternalCIDRs);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
