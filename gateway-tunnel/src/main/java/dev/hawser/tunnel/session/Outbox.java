// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.port.UdpEndpoint;

/** The way out for handshake messages and keepalives. Called by the control thread only; must not block. */
@FunctionalInterface
public interface Outbox {
    /**
     * Sends one datagram, or loses it: the protocol repeats what matters.
     *
     * @param to where it goes
     * @param datagram the bytes; not changed afterwards by either side
     */
    void send(UdpEndpoint to, byte[] datagram);
}
