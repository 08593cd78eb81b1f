// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.util.Optional;

/** A tunnel as the socket sees it. Safe for any thread. */
public interface UapiDevice {
    /** The tunnel at this moment; nothing as long as there is none. */
    Optional<DeviceView> view();

    /**
     * Speaks to a peer at another endpoint from now on, until the peer is heard elsewhere.
     *
     * @return false if there is no such peer (any more)
     */
    boolean move(PublicKey peer, UdpEndpoint to);
}
