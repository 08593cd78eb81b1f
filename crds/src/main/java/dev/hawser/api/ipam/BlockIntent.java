// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * A grant that is decided and not yet written into its Network.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record BlockIntent(
        @JsonPropertyDescription("Whom it is for.") @Required
        OwnerReference owner,

        @JsonPropertyDescription("The uid of the Network that shall record it; a promise to one object only.") @Required
        String uid,

        @JsonPropertyDescription("The block.") @Required String cidr) {}
