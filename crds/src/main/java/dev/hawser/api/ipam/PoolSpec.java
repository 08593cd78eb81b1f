// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.ipam;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;

/**
 * The ranges that blocks for peers are granted from.
 */
@ValidationRule(
        value = "has(self.cidrs) && self.cidrs.size() > 0",
        message = "name at least one range, for example 10.0.0.0/8")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PoolSpec(
        @JsonPropertyDescription("The ranges, plain CIDRs, host bits zero.")
        List<String> cidrs,

        @JsonPropertyDescription("Ranges inside them that are never granted.")
        List<String> reserved) {
    /** Absent collections are empty. */
    public PoolSpec {
        cidrs = cidrs == null ? List.of() : List.copyOf(cidrs);
        reserved = reserved == null ? List.of() : List.copyOf(reserved);
    }
}
