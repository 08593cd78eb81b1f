// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What each of the two sides has seen of the other. It stands beside the spec, not in it, so that to acknowledge a version
 * makes no new one.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AdvertisementStatus(
        @JsonPropertyDescription("The last version of the addressee's Advertisement for us that our data path applies.")
        @Nullable
        SeenVersion seenOfYou,

        @JsonPropertyDescription("Copied by us from the addressee's seenOfYou.") @Nullable
        SeenVersion acknowledged,

        @JsonPropertyDescription("Our keys and endpoints that the addressee's data path is known to apply.") @Nullable
        Announcement applied,

        @JsonPropertyDescription("What holds and what does not, in the form of metav1.Condition.")
        List<Condition> conditions,

        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration) {
    /** Absent collections are empty. */
    public AdvertisementStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
