// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.session.StaticKeys;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Everything the tunnel is told, as one value: the wished state, never a change of it.
 *
 * @param keys this gateway's static keys
 * @param listenPorts UDP ports to serve, at least one; 0 lets the system choose
 * @param local what this cluster shows
 * @param peers the peers, each cluster ID once
 */
public record TunnelConfig(StaticKeys keys, List<Integer> listenPorts, LocalSide local, List<PeerConfig> peers) {
    /** Copies the lists and refuses what cannot be meant. */
    public TunnelConfig {
        listenPorts = List.copyOf(listenPorts);
        peers = List.copyOf(peers);
        if (listenPorts.isEmpty()) {
            throw new IllegalArgumentException("a gateway needs at least one listen port");
        }
        Set<String> seen = new HashSet<>();
        for (PeerConfig peer : peers) {
            if (!seen.add(peer.id())) {
                throw new IllegalArgumentException("peer " + peer.id() + " is configured twice; merge the two");
            }
        }
    }

    /** The same keys, ports and peers, none of which may send anything to the other: only their sessions are made. */
    public TunnelConfig withoutRanges() {
        return new TunnelConfig(
                keys,
                listenPorts,
                new LocalSide(List.of(), List.of(), List.of()),
                peers.stream().map(PeerConfig::withoutRanges).toList());
    }
}
