// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.networking.Announcement;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.ClusterGatewaySpec;
import dev.hawser.api.networking.ClusterGatewayStatus;
import java.util.List;
import java.util.Optional;

/**
 * What the ClusterGateway says about the static key.
 *
 * @param generation {@code spec.keyGeneration}, 0 if absent
 * @param acknowledged public keys that the data path of every peer applies, as the controller found
 */
record KeyWishes(long generation, List<String> acknowledged) {
    KeyWishes {
        acknowledged = List.copyOf(acknowledged);
    }

    static KeyWishes of(Optional<ClusterGateway> gateway) {
        return new KeyWishes(
                gateway.map(ClusterGateway::getSpec)
                        .map(ClusterGatewaySpec::keyGeneration)
                        .orElse(0L),
                gateway.map(ClusterGateway::getStatus)
                        .map(ClusterGatewayStatus::acknowledged)
                        .map(Announcement::publicKeys)
                        .orElse(List.of()));
    }
}
