// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.cluster;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.api.networking.RemappedRange;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How one peer does, as this cluster sees it.
 *
 * @param ready True, False or Unknown
 * @param message why it is not ready
 * @param connection phase of the Connection
 * @param latency median round-trip time
 * @param remaps the peer's ranges and their names here
 * @param apiServer address of the peer's API server proxy as it is dialled from here
 */
public record PeerStatus(
        String peer,
        String ready,
        @Nullable String message,
        @Nullable String connection,
        @Nullable String latency,
        List<RemappedRange> remaps,
        @Nullable String apiServer) {
    public PeerStatus {
        remaps = List.copyOf(remaps);
    }

    /** All peers of a cluster, by name. */
    public static List<PeerStatus> readAll(ClusterAccess access) {
        var configurations = access.list(Configuration.class).stream()
                .collect(Collectors.toMap(c -> c.getMetadata().getName(), Function.identity()));
        return access.list(Peering.class).stream()
                .map(peering ->
                        of(peering, configurations.get(peering.getMetadata().getName())))
                .toList();
    }

    static PeerStatus of(Peering peering, @Nullable Configuration configuration) {
        Optional<PeeringStatus> status = Optional.ofNullable(peering.getStatus());
        Optional<Condition> ready =
                status.flatMap(s -> Conditions.of(s.conditions()).find("Ready"));
        boolean holds = ready.map(c -> "True".equals(c.getStatus())).orElse(false);
        return new PeerStatus(
                peering.getSpec().clusterID(),
                ready.map(Condition::getStatus).orElse("Unknown"),
                holds ? null : ready.map(Condition::getMessage).orElse("no controller has looked at it yet"),
                status.map(PeeringStatus::connection).orElse(null),
                status.map(PeeringStatus::latency).orElse(null),
                configuration == null ? List.of() : remaps(configuration),
                status.map(PeeringStatus::apiServer)
                        .map(server -> server.proxyURL() == null ? server.address() : server.proxyURL())
                        .orElse(null));
    }

    private static List<RemappedRange> remaps(Configuration configuration) {
        var status = configuration.getStatus();
        if (status == null || status.remote() == null) {
            return List.of();
        }
        return Stream.concat(status.remote().podCIDRs().stream(), status.remote().externalCIDRs().stream())
                .toList();
    }
}
