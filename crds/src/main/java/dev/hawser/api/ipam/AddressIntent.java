// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * An address that is decided and not yet written into its IP.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record AddressIntent(
        @JsonPropertyDescription("Namespace of the IP.") @Required
        String namespace,

        @JsonPropertyDescription("Name of the IP.") @Required
        String name,

        @JsonPropertyDescription("The uid of the IP that shall record it; a promise to one object only.") @Required
        String uid,

        @JsonPropertyDescription("The local address it stands for.") @Required
        String target,

        @JsonPropertyDescription("The external address.") @Required
        String address) {}
