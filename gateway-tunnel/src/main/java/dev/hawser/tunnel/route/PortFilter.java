// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

/**
 * One protocol and port that an exposure lets through.
 *
 * @param protocol transport protocol
 * @param port destination port as the peer dials it, 1 to 65535; it is never translated
 */
public record PortFilter(Protocol protocol, int port) {
    /** Checks the port. */
    public PortFilter {
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + " of a " + protocol + " filter; use 1 to 65535");
        }
    }
}
