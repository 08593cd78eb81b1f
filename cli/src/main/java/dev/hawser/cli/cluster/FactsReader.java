// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.cluster;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Peering;
import java.util.List;
import java.util.Optional;

/** Reads {@link ClusterFacts} from an API server. */
public final class FactsReader {
    private static final String READY = "Ready";

    private final ClusterAccess access;

    public FactsReader(ClusterAccess access) {
        this.access = access;
    }

    /** The facts as they stand, whether or not the gateway runs already. */
    public ClusterFacts read() {
        ClusterGateway gateway = gateway();
        List<Peering> peerings = access.list(Peering.class);
        return new ClusterFacts(gateway, proxy(), peerings, new ObjectsReader(access).read(gateway, peerings));
    }

    /** What keeps the cluster from being peered now, in words; nothing if it is ready. */
    public Optional<String> notReady() {
        ClusterGateway gateway = gateway();
        var status = gateway.getStatus();
        if (status == null || status.publicKeys().isEmpty()) {
            return Optional.of("ClusterGateway " + Names.GATEWAY + " has no public key yet: is the gateway running?");
        }
        if (!Conditions.of(status.conditions()).holds(READY)) {
            return Optional.of(
                    "ClusterGateway " + Names.GATEWAY + " is not Ready" + message(Conditions.of(status.conditions())));
        }
        var ip = proxy().getStatus();
        if (ip == null || ip.externalIP() == null) {
            return Optional.of("IP " + Names.PROXY + " has no external address yet: is the controller running?");
        }
        return Conditions.of(ip.conditions()).holds(READY)
                ? Optional.empty()
                : Optional.of("IP " + Names.PROXY + " is not Ready" + message(Conditions.of(ip.conditions())));
    }

    private ClusterGateway gateway() {
        return access.required(ClusterGateway.class, Names.GATEWAY);
    }

    private IP proxy() {
        return access.required(IP.class, Names.PROXY);
    }

    private static String message(Conditions conditions) {
        return conditions
                .find(READY)
                .map(ready -> ": " + ready.getMessage())
                .orElse(": nobody has judged it yet; is the controller running?");
    }
}
