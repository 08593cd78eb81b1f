// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.port;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;

/**
 * The far end of an outer UDP flow, and the local port it is spoken to from.
 *
 * <p>The local port belongs to the endpoint because a peer behind a NAT only hears answers from the very port it dialled.
 *
 * @param address where the datagrams go
 * @param port the remote port, 1 to 65535
 * @param localPort the listen port that sends, or 0 for the first one
 */
public record UdpEndpoint(IpAddress address, int port, int localPort) {
    /** Checks the ports. */
    public UdpEndpoint {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("endpoint " + address + " has port " + port + "; use 1 to 65535");
        }
        if (localPort < 0 || localPort > 65_535) {
            throw new IllegalArgumentException("endpoint " + address + " names local port " + localPort);
        }
    }

    /** An endpoint as a person configures it, spoken to from the first listen port. */
    public static UdpEndpoint of(IpAddress address, int port) {
        return new UdpEndpoint(address, port, 0);
    }

    /** {@code address:port}, with brackets around an IPv6 address; the local port is not shown. */
    @Override
    public String toString() {
        return address.family() == Family.IPV6 ? "[" + address + "]:" + port : address + ":" + port;
    }
}
