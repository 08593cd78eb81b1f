// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far the mooring to a peer has come.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PeeringStatus(
        @JsonPropertyDescription("How its API server is reached from here.") @Nullable
        PeerAPIServer apiServer,

        @JsonPropertyDescription("Version of Hawser in the peer, from its Advertisement.") @Nullable
        String peerVersion,

        @JsonPropertyDescription("Phase of the Connection.") @Nullable
        String connection,

        @JsonPropertyDescription("Round-trip time to its gateway, median.") @Nullable
        String latency,

        @JsonPropertyDescription("What its Advertisement for us says, checked.") @Nullable
        LearnedAdvertisement advertised,

        @JsonPropertyDescription("What holds and what does not, in the form of metav1.Condition.")
        List<Condition> conditions,

        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration) {
    /** Absent collections are empty. */
    public PeeringStatus {
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
