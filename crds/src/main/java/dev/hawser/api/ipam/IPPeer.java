// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How one peer reaches the exposure.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record IPPeer(
        @JsonPropertyDescription("The peer.") @Required String clusterID,

        @JsonPropertyDescription("The address as that peer dials it, from its Advertisement.") @Nullable
        String address,

        @JsonPropertyDescription("The same for every family; the first is address.")
        List<String> addresses,

        @JsonPropertyDescription("When a packet of that peer last passed.") @Nullable
        String lastUsed) {
    /** Absent collections are empty. */
    public IPPeer {
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
    }
}
