// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The Service through which peers reach the gateway.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record GatewayService(
        @JsonPropertyDescription("LoadBalancer, NodePort or ClusterIP.") @Nullable
        String type,

        @JsonPropertyDescription("Port of the Service.") @Min(1) @Max(65535) @Nullable
        Integer port,

        @JsonPropertyDescription("Annotations for the Service.")
        Map<String, String> annotations) {
    /** Absent collections are empty. */
    public GatewayService {
        annotations = annotations == null ? Map.of() : Map.copyOf(annotations);
    }
}
