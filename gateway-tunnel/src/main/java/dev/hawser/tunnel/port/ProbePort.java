// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.port;

import dev.hawser.ipam.address.IpAddress;
import java.io.IOException;

/**
 * The gateway's own inner UDP socket, for probes: it is bound to a gateway address, so what it sends takes the way of any packet,
 * through routing, the device, and both remaps.
 *
 * <p><b>Threads:</b> any may send and close. Both ends use the same port number.
 */
public interface ProbePort extends AutoCloseable {
    /** Opens sockets. */
    @FunctionalInterface
    interface Opener {
        /**
         * Opens a socket.
         *
         * @param local the gateway address
         * @param port the port of both ends
         * @param receiver told of every datagram until the port is closed
         * @throws IOException when the address is not there (yet) or the port is taken
         */
        ProbePort open(IpAddress local, int port, Receiver receiver) throws IOException;
    }

    /** Takes datagrams; called by a thread of the port, must not block. */
    @FunctionalInterface
    interface Receiver {
        /**
         * Takes one datagram.
         *
         * @param from its source, in this cluster's view
         * @param message its bytes, owned by the receiver
         * @param now monotonic nanoseconds at its arrival
         */
        void received(IpAddress from, byte[] message, long now);
    }

    /** Sends a datagram or loses it. */
    void send(IpAddress to, byte[] message);

    @Override
    void close();
}
