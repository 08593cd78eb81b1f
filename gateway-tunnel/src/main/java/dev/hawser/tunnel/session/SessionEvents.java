// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.port.UdpEndpoint;

/**
 * What the surroundings may want to know of a peer's session. All methods return at once; each says which thread calls it.
 */
public interface SessionEvents {
    /** Nobody listens. */
    SessionEvents NONE = new SessionEvents() {};

    /**
     * A session has become usable for sending: packets that wait for it can go. Called by the control thread when this side
     * initiated, by an ingress thread when it responded.
     */
    default void established(PeerSession peer, long now) {}

    /** Somebody wants a handshake, so the next tick should not wait. Called by any thread. */
    default void handshakeWanted(PeerSession peer) {}

    /** No answer for 90 seconds: packets that wait should be dropped. Called by the control thread. */
    default void gaveUp(PeerSession peer, long now) {}

    /** The peer was authenticated at another address. Called by the control thread or an ingress thread. */
    default void moved(PeerSession peer, UdpEndpoint endpoint) {}
}
