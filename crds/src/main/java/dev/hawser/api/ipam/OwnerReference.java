// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * Whom a block belongs to; the same owner asking again gets the same block.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record OwnerReference(
        @JsonPropertyDescription("Kind of the object on whose behalf the block was asked for.") @Required
        String kind,

        @JsonPropertyDescription("The cluster whose range is renamed or recorded.") @Required
        String clusterID,

        @JsonPropertyDescription("pod, external, service, node or reserved.") @Required
        String role,

        @JsonPropertyDescription("The true range that the block stands for.") @Required
        String cidr) {}
