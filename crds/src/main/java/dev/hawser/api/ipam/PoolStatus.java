// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Pending intents and how full the pool is.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PoolStatus(
        @JsonPropertyDescription("Grants on their way into their Network.")
        List<BlockIntent> intents,

        @JsonPropertyDescription("Used and free addresses by family.")
        List<FamilyUsage> usage,

        @JsonPropertyDescription("What holds and what does not, in the form of metav1.Condition.")
        List<Condition> conditions,

        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration) {
    /** Absent collections are empty. */
    public PoolStatus {
        intents = intents == null ? List.of() : List.copyOf(intents);
        usage = usage == null ? List.of() : List.copyOf(usage);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
