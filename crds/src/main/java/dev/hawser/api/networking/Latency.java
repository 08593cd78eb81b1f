// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import org.jspecify.annotations.Nullable;

/**
 * Round-trip times of the probes.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record Latency(
        @JsonPropertyDescription("Median, for example 0.4ms.") @Nullable
        String p50,

        @JsonPropertyDescription("99th percentile.") @Nullable
        String p99,

        @JsonPropertyDescription("Mean difference between one round trip and the next.") @Nullable
        String jitter) {}
