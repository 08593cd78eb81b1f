// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * An address whose IP was deleted. An IP of the same name gets it back; nobody else does before the cool-down is over.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ReleasedAddress(
        @JsonPropertyDescription("Namespace of the IP.") @Required
        String namespace,

        @JsonPropertyDescription("Name of the IP.") @Required
        String name,

        @JsonPropertyDescription("The external address.") @Required
        String address,

        @JsonPropertyDescription("When it was released, RFC 3339.") @Required
        String at) {}
