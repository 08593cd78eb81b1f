// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.tunnel.engine.TunnelConfig;
import dev.hawser.tunnel.node.NodeNetwork;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What all objects together ask of this gateway. A value: equal plans need nothing to be done.
 *
 * @param tunnel for the engine; nothing as long as there is no private key
 * @param node for the node's rules, addresses and routes
 * @param peers one for each Connection, by name
 * @param problems sentences about objects that were left out and have no Connection to say it on
 * @param hostNames endpoints' names whose addresses the next plan needs
 */
public record GatewayPlan(
        Optional<TunnelConfig> tunnel,
        NodeNetwork node,
        List<PeerPlan> peers,
        List<String> problems,
        Set<String> hostNames) {
    /** Copies the collections. */
    public GatewayPlan {
        peers = List.copyOf(peers);
        problems = List.copyOf(problems);
        hostNames = Set.copyOf(hostNames);
    }
}
