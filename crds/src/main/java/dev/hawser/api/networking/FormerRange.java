// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * A true range that a peer has left.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FormerRange(
        @JsonPropertyDescription("The true range.") @Required
        String cidr,

        @JsonPropertyDescription("When packets from it stop being taken, RFC 3339.") @Required
        String until) {}
