// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.port.UdpEndpoint;

/** Where ingress threads leave handshake messages for the control thread. Must not block. */
@FunctionalInterface
public interface ControlInbox {
    /**
     * Takes a datagram of type 1, 2 or 3.
     *
     * @param datagram its bytes, owned by the receiver from now on
     * @param from where it came from
     * @return false when there is no room
     */
    boolean offer(byte[] datagram, UdpEndpoint from);
}
