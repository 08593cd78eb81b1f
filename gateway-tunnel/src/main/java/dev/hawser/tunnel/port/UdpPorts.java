// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.port;

import java.util.List;

/** Opens the listen ports: the seam between the engine and an operating system, or a test's network. */
@FunctionalInterface
public interface UdpPorts {
    /**
     * Opens sockets on all local addresses.
     *
     * @param listenPorts ports to serve, at least one; 0 lets the system choose
     * @param queues over how many queues what arrives is spread, at least one
     */
    UdpPort open(List<Integer> listenPorts, int queues);
}
