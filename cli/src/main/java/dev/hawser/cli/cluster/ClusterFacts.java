// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.cluster;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Peering;
import dev.hawser.controller.plan.ClusterObjects;
import java.util.List;

/**
 * What a cluster says about itself, read in one go.
 *
 * @param gateway the ClusterGateway
 * @param proxy the IP object of the API server proxy
 * @param objects what says which addresses are whose
 */
public record ClusterFacts(ClusterGateway gateway, IP proxy, List<Peering> peerings, ClusterObjects objects) {
    public ClusterFacts {
        peerings = List.copyOf(peerings);
    }

    /** Its cluster ID. */
    public String id() {
        return gateway.getSpec().clusterID();
    }

    public List<String> podCIDRs() {
        return gateway.getSpec().podCIDRs();
    }

    public List<String> serviceCIDRs() {
        return gateway.getSpec().serviceCIDRs();
    }

    public List<String> externalCIDRs() {
        return gateway.getSpec().externalCIDRs();
    }

    public List<String> publicKeys() {
        var status = gateway.getStatus();
        return status == null ? List.of() : status.publicKeys();
    }

    /** What it announces: the gateway's status, or what the spec asks for while there is no status. */
    public List<String> endpoints() {
        var status = gateway.getStatus();
        return status == null || status.endpoints().isEmpty()
                ? gateway.getSpec().endpoints()
                : status.endpoints();
    }
}
