// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A wish for a block of addresses.
 */
@ValidationRule(
        value = "!has(oldSelf.owner) || (has(self.owner) && self.owner == oldSelf.owner)",
        message = "owner is the key of the grant and cannot change; create another Network instead")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record NetworkSpec(
        @JsonPropertyDescription("The range that is wanted; another of the same length is granted if it is taken.")
        @Required
        String cidr,

        @JsonPropertyDescription("What the block is for.") @Required
        NetworkPurpose purpose,

        @JsonPropertyDescription("Whom the block is for; the key of the grant.") @Nullable
        OwnerReference owner,

        @JsonPropertyDescription("Ranges that must not be granted for it.")
        List<String> avoid,

        @JsonPropertyDescription(
                "The true range that the block stands for since the peer changed it; absent while that is the owner's.")
        @Nullable
        String trueCIDR) {
    /** Absent collections are empty. */
    public NetworkSpec {
        avoid = avoid == null ? List.of() : List.copyOf(avoid);
    }
}
