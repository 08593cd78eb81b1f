// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * How full a pool is in one address family; counts are decimal text because they may exceed 64 bits.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record FamilyUsage(
        @JsonPropertyDescription("IPv4 or IPv6.") @Required String family,
        @JsonPropertyDescription("Addresses granted.") String used,

        @JsonPropertyDescription("Addresses that could still be granted.")
        String free) {}
