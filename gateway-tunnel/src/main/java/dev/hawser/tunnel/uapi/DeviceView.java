// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.uapi;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A tunnel in the terms of {@code wg}.
 *
 * @param privateKey the key it initiates with
 * @param listenPort the first of its ports
 * @param peers one for each public key; a peer that is changing its key stands here twice
 */
public record DeviceView(PrivateKey privateKey, int listenPort, List<Peer> peers) {
    /** Copies the list. */
    public DeviceView {
        peers = List.copyOf(peers);
    }

    /**
     * A peer.
     *
     * @param publicKey its key
     * @param presharedKey the secret shared with it, if any
     * @param endpoint where it is spoken to
     * @param endpointOwned whether the configuration says where it is; else it may be told here
     * @param lastHandshake when the last handshake was completed
     * @param rxBytes bytes received in transport packets
     * @param txBytes bytes sent in transport packets
     * @param keepaliveSeconds 0 for none
     * @param allowedIps its true ranges; other peers may have the same
     */
    public record Peer(
            PublicKey publicKey,
            Optional<PresharedKey> presharedKey,
            Optional<UdpEndpoint> endpoint,
            boolean endpointOwned,
            Optional<Instant> lastHandshake,
            long rxBytes,
            long txBytes,
            int keepaliveSeconds,
            List<Cidr> allowedIps) {
        /** Copies the list. */
        public Peer {
            allowedIps = List.copyOf(allowedIps);
        }
    }
}
