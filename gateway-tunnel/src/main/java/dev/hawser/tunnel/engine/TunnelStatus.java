// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.session.HandshakeDrop;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The tunnel at one moment.
 *
 * @param listenPorts the ports served, with what the system chose for a wildcard
 * @param peers by cluster ID
 * @param keysInUse static keys of ours that present sessions with peers were made with
 * @param lastInitiation the greatest time stamp of an initiation so far
 * @param drops what was dropped and belongs to no peer, by reason
 * @param handshakeDrops handshake messages that were not followed, by reason; reasons that never occurred are left out
 * @param exposureProblems exposures left out of the configuration, and why
 * @param aead the name of the cipher implementation in use
 * @param queues by number; none before the tunnel runs
 */
public record TunnelStatus(
        List<Integer> listenPorts,
        List<PeerStatus> peers,
        Set<PublicKey> keysInUse,
        Optional<Tai64n> lastInitiation,
        Map<DropReason, Long> drops,
        Map<HandshakeDrop, Long> handshakeDrops,
        List<String> exposureProblems,
        String aead,
        List<Queue> queues) {
    /**
     * What the two threads of a queue had to do.
     *
     * @param egressReads reads from the device that gave a packet or a super-packet
     * @param ingressReads receives from the sockets that gave a datagram or a train
     */
    public record Queue(long egressReads, long ingressReads) {}

    /** Copies the collections. */
    public TunnelStatus {
        listenPorts = List.copyOf(listenPorts);
        peers = List.copyOf(peers);
        keysInUse = Set.copyOf(keysInUse);
        drops = Map.copyOf(drops);
        handshakeDrops = Map.copyOf(handshakeDrops);
        exposureProblems = List.copyOf(exposureProblems);
        queues = List.copyOf(queues);
    }

    /** The same tunnel with other words about its peers. */
    public TunnelStatus with(List<PeerStatus> others) {
        return new TunnelStatus(
                listenPorts, others, keysInUse, lastInitiation, drops, handshakeDrops, exposureProblems, aead, queues);
    }
}
