// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * The ranges of the two sides of a peering.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConfigurationSpec(
        @JsonPropertyDescription("Our own ranges.") @Required
        LocalRanges local,

        @JsonPropertyDescription("Those of the peer.") @Required
        RemoteRanges remote) {}
