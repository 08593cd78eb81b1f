// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import java.util.List;

/**
 * Keys and endpoints of this cluster's gateway that the data path of a peer applies.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Announcement(
        @JsonPropertyDescription("Public keys, base64.") List<String> publicKeys,

        @JsonPropertyDescription("host:port of the gateway.")
        List<String> endpoints) {
    /** Nobody applies anything. */
    public static final Announcement NOTHING = new Announcement(List.of(), List.of());

    /** Absent collections are empty. */
    public Announcement {
        publicKeys = publicKeys == null ? List.of() : List.copyOf(publicKeys);
        endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
    }
}
