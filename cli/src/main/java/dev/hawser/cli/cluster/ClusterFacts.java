// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.cluster;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Peering;
import java.util.List;

/**
 * What a cluster says about itself, read in one go.
 *
 * @param id its cluster ID
 * @param gateway the ClusterGateway
 * @param proxy the IP object of the API server proxy
 * @param nodeAddresses internal addresses of its nodes
 */
public record ClusterFacts(
        String id,
        ClusterGateway gateway,
        IP proxy,
        List<Pool> pools,
        List<Network> networks,
        List<Peering> peerings,
        List<String> nodeAddresses) {
    public ClusterFacts {
        pools = List.copyOf(pools);
        networks = List.copyOf(networks);
        peerings = List.copyOf(peerings);
        nodeAddresses = List.copyOf(nodeAddresses);
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
