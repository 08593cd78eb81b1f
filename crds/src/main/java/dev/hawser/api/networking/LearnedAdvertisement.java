// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was learned from the peer's Advertisement for this cluster, after it was checked. It stands in the Peering so
 * that a controller that takes over while the peer is away goes on with what was known.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LearnedAdvertisement(
        @JsonPropertyDescription("UID of the peer's Advertisement.") @Required
        String uid,

        @JsonPropertyDescription("Its generation.") @Required
        long generation,

        @JsonPropertyDescription("Public keys of the peer.") List<String> publicKeys,

        @JsonPropertyDescription("Keys of the bundle that the peer announced once and announces no more.")
        List<String> retiredKeys,

        @JsonPropertyDescription("Endpoints of the peer.") List<String> endpoints,

        @JsonPropertyDescription("Its API server proxy.") @Nullable
        ProxyAddress proxy,

        @JsonPropertyDescription("How the ranges of this cluster are named there.") @Nullable
        RemappedRanges remapOfUs,

        @JsonPropertyDescription("The last version of our Advertisement for it that its data path applies.") @Nullable
        SeenVersion seenOfUs,

        @JsonPropertyDescription("Its version of Hawser.") @Nullable
        String version,

        @JsonPropertyDescription("What we may reach there besides pods, for people; the first 256 at most.")
        List<ExposureAdvertisement> exposures) {
    /** Absent collections are empty. */
    public LearnedAdvertisement {
        publicKeys = publicKeys == null ? List.of() : List.copyOf(publicKeys);
        retiredKeys = retiredKeys == null ? List.of() : List.copyOf(retiredKeys);
        endpoints = endpoints == null ? List.of() : List.copyOf(endpoints);
        exposures = exposures == null ? List.of() : List.copyOf(exposures);
    }
}
