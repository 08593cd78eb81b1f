// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import org.jspecify.annotations.Nullable;

/**
 * A route of the gateway's node that somebody else set: of a bridge, of a tunnel, of an administrator.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NodeRoute(
        @JsonPropertyDescription("Where it leads.") @Required
        String cidr,

        @JsonPropertyDescription("The device that packets leave by.") @Required
        String device,

        @JsonPropertyDescription("The next station; absent if the range lies on the device's own link.") @Nullable
        String via) {}
