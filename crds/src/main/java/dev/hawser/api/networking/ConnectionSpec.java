// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The tunnel to one peer.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConnectionSpec(
        @JsonPropertyDescription("The peer.") @Required String clusterID,

        @JsonPropertyDescription("Its public keys, base64; several during a rotation.")
        List<String> publicKeys,

        @JsonPropertyDescription("host:port of its gateway; all are tried.")
        List<String> endpoints,

        @JsonPropertyDescription("Whether the gateway holds a preshared key for it.") @Nullable
        Boolean presharedKey,

        @JsonPropertyDescription("Seconds between packets that keep a NAT open; 0 or absent: none.")
        @Min(0)
        @Max(65535)
        @Nullable
        Integer persistentKeepalive) {
    /** Absent collections are empty. */
    public ConnectionSpec {
        publicKeys = publicKeys == null ? List.of() : List.copyOf(publicKeys);
        endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
    }
}
