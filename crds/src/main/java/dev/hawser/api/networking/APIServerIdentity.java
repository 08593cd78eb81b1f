// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;

/**
 * How to recognise the API server of a peer, end to end.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record APIServerIdentity(
        @JsonPropertyDescription("URL whose host the certificate is checked against.") @Required
        String url,

        @JsonPropertyDescription("Certificates that its chain must end at, PEM.") @Required
        String caBundle) {}
