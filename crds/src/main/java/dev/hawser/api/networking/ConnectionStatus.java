// SPDX-License-Identifier: Apache-2.0
package dev.hawser.api.networking;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway sees of the tunnel.
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record ConnectionStatus(
        @JsonPropertyDescription("How it does.") @Nullable ConnectionPhase phase,

        @JsonPropertyDescription("The endpoint in use.") @Nullable
        String endpoint,

        @JsonPropertyDescription("What carries the packets, for example wireguard/udp.") @Nullable
        String transport,

        @JsonPropertyDescription("Round-trip times.") @Nullable
        Latency latency,

        @JsonPropertyDescription("Share of probes that did not return, for example 0.2%.") @Nullable
        String loss,

        @JsonPropertyDescription("Largest packet that passes.") @Nullable
        Integer pathMTU,

        @JsonPropertyDescription("When the keys in use were agreed on.") @Nullable
        String lastHandshake,

        @JsonPropertyDescription("Inner bytes received.") @Nullable
        Long rxBytes,

        @JsonPropertyDescription("Inner bytes sent.") @Nullable
        Long txBytes,

        @JsonPropertyDescription("Packets dropped, by reason.")
        Map<String, Long> drops,

        @JsonPropertyDescription("One sentence for people.") @Nullable
        String message,

        @JsonPropertyDescription("What holds and what does not, in the form of metav1.Condition.")
        List<Condition> conditions,

        @JsonPropertyDescription("The generation of the spec that this status speaks of.") @Nullable
        Long observedGeneration) {
    /** Absent collections are empty. */
    public ConnectionStatus {
        drops = drops == null ? Map.of() : Map.copyOf(drops);
        conditions = conditions == null ? List.of() : List.copyOf(conditions);
    }
}
