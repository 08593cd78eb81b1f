// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.hawser.api.ipam.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * How the API server of the peer is reached from here.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record PeerAPIServer(
        @JsonPropertyDescription("Address of its proxy as it is dialled from here.") @Nullable
        String address,

        @JsonPropertyDescription("The same as a proxy URL for a kubeconfig.") @Nullable
        String proxyURL,

        @JsonPropertyDescription("A kubeconfig without a user: the caller brings a token.") @Nullable
        ObjectName kubeconfigSecretRef) {}
