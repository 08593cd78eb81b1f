// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.util.List;

/**
 * What a session with a peer needs to know of it.
 *
 * @param name how logs call it
 * @param publicKey its static key, which identifies it; a peer that replaces its key is two of these for a while
 * @param presharedKey the shared secret, {@link PresharedKey#none} if there is none
 * @param endpoints where it may be reached, possibly nowhere: then it must call us
 * @param persistentKeepaliveSeconds the longest silence towards it, or 0 for any; keeps a NAT on the way open
 */
public record PeerSettings(
        String name,
        PublicKey publicKey,
        PresharedKey presharedKey,
        List<UdpEndpoint> endpoints,
        int persistentKeepaliveSeconds) {
    /** Checks the interval and takes a copy of the endpoints. */
    public PeerSettings {
        endpoints = List.copyOf(endpoints);
        if (persistentKeepaliveSeconds < 0 || persistentKeepaliveSeconds > 65_535) {
            throw new IllegalArgumentException("persistent keepalive of peer " + name + " is "
                    + persistentKeepaliveSeconds + " s; use 0 (off) to 65535");
        }
    }
}
