// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Required;

/**
 * Where the API server proxy of a cluster is, in its own external CIDR.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ProxyAddress(
        @JsonPropertyDescription("External address of the proxy.") @Required
        String address,

        @JsonPropertyDescription("Port of the proxy.") @Required @Min(1) @Max(65535)
        int port) {}
