// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.hawser.api.ipam.PortRule;
import io.fabric8.generator.annotation.Required;
import java.util.List;

/**
 * One exposure that the addressee may use.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ExposureAdvertisement(
        @JsonPropertyDescription("Namespace of the IP.") @Required
        String namespace,

        @JsonPropertyDescription("Name of the IP.") @Required
        String name,

        @JsonPropertyDescription("Its address in our external CIDR.") @Required
        String address,

        @JsonPropertyDescription("The same for every family; the first is address.")
        List<String> addresses,

        @JsonPropertyDescription("Ports that pass; all if empty.")
        List<PortRule> ports) {
    /** Absent collections are empty. */
    public ExposureAdvertisement {
        addresses = addresses == null ? List.of() : List.copyOf(addresses);
        ports = ports == null ? List.of() : List.copyOf(ports);
    }
}
