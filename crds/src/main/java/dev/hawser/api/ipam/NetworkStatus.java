// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The block that was granted.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NetworkStatus(
        @JsonPropertyDescription("The granted block.") @Nullable
        String cidr,

        @JsonPropertyDescription("Addresses on their way into their IP; only for purpose External.")
        List<AddressIntent> intents,

        @JsonPropertyDescription("Addresses that cool down after their IP was deleted; only for purpose External.")
        List<ReleasedAddress> released,

        @JsonPropertyDescription("What holds and what does not, in the form of metav1.Condition.")
        List<Condition> conditions,

        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration) {
    /** Absent collections are empty. */
    public NetworkStatus {
        intents = intents == null ? List.of() : List.copyOf(intents);
        released = released == null ? List.of() : List.copyOf(released);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
