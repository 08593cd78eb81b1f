// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Connection;
import java.util.List;
import java.util.Optional;

/** The objects as the informers have them at one moment. The objects are shared: read only. */
record ClusterView(
        Optional<ClusterGateway> gateway,
        List<Configuration> configurations,
        List<Connection> connections,
        List<IP> exposures) {
    ClusterView {
        configurations = List.copyOf(configurations);
        connections = List.copyOf(connections);
        exposures = List.copyOf(exposures);
    }
}
