// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import dev.hawser.ipam.address.IpAddress;
import java.util.List;
import java.util.Set;

/**
 * One local address that named peers reach under an external address.
 *
 * @param name {@code namespace/name} of the IP object, for messages
 * @param local where packets go here
 * @param external its one address in the local external CIDR
 * @param ports what is let through; empty means everything
 * @param peers cluster IDs that may use it; {@code *} stands for all
 */
public record Exposure(String name, IpAddress local, IpAddress external, List<PortFilter> ports, Set<String> peers) {
    private static final String ALL_PEERS = "*";

    /** Copies the collections. */
    public Exposure {
        ports = List.copyOf(ports);
        peers = Set.copyOf(peers);
    }

    /** Whether the peer may use it. */
    public boolean isGrantedTo(String peer) {
        return peers.contains(ALL_PEERS) || peers.contains(peer);
    }
}
