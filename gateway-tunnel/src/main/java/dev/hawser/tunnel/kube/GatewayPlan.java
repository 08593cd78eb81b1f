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

    /** This plan as long as something keeps it from being carried out: nobody is served, and every Connection says why. */
    public GatewayPlan waitingFor(String reason) {
        return new GatewayPlan(
                tunnel, node, peers.stream().map(peer -> waiting(peer, reason)).toList(), problems, hostNames);
    }

    private static PeerPlan waiting(PeerPlan peer, String reason) {
        return switch (peer) {
            case PeerPlan.Refused refused -> refused;
            case PeerPlan.Served _, PeerPlan.Waiting _ ->
                new PeerPlan.Waiting(peer.connection(), peer.generation(), reason);
        };
    }
}
