// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.path.PeerLane;
import dev.hawser.tunnel.session.PeerSession;
import dev.hawser.tunnel.session.PeerSettings;
import dev.hawser.tunnel.session.WireGuardDevice;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The peers as lanes and sessions: follows a configuration and keeps what stays. Confined to the control thread.
 *
 * <p>A change has two halves around the moment the loops learn of it: {@link #prepare} adds, {@link #removeStale} takes away.
 */
final class PeerTable {
    private final WireGuardDevice device;
    private final int queues;
    private Map<String, PeerLane> lanes = Map.of();
    private final Map<String, String> problems = new TreeMap<>();

    PeerTable(WireGuardDevice device, int queues) {
        this.device = device;
        this.queues = queues;
    }

    /** Lanes by cluster ID in the order of the configuration. */
    Map<String, PeerLane> lanes() {
        return lanes;
    }

    /** What is wrong with peers, found while preparing. */
    Map<String, String> problems() {
        return problems;
    }

    /** Makes lanes and sessions for every peer configured. */
    void prepare(List<PeerConfig> peers) {
        problems.clear();
        Map<String, PeerLane> next = new LinkedHashMap<>();
        Map<PublicKey, String> owners = new HashMap<>();
        for (PeerConfig peer : peers) {
            PeerLane known = lanes.get(peer.id());
            PeerLane lane = known == null ? new PeerLane(peer.id(), queues) : known;
            lane.sessions(sessions(peer, owners));
            next.put(peer.id(), lane);
        }
        lanes = next;
    }

    private List<PeerSession> sessions(PeerConfig peer, Map<PublicKey, String> owners) {
        List<PeerSession> sessions = new ArrayList<>();
        if (peer.publicKeys().isEmpty()) {
            problem(peer, "its public key is not known yet");
        }
        for (PublicKey key : peer.publicKeys()) {
            String owner = owners.putIfAbsent(key, peer.id());
            if (owner != null) {
                problem(peer, "public key " + key.toBase64() + " is that of peer " + owner + " already");
                continue;
            }
            try {
                sessions.add(device.put(settings(peer, key)));
            } catch (IllegalArgumentException refused) {
                problem(peer, String.valueOf(refused.getMessage()));
            }
        }
        return sessions;
    }

    private void problem(PeerConfig peer, String text) {
        problems.merge(peer.id(), text, (one, other) -> one + "; " + other);
    }

    private static PeerSettings settings(PeerConfig peer, PublicKey key) {
        return new PeerSettings(
                peer.id(),
                key,
                peer.presharedKey().orElseGet(PresharedKey::none),
                peer.endpoints(),
                peer.persistentKeepaliveSeconds());
    }

    /** Wipes the sessions that no lane has any more. */
    void removeStale() {
        Set<PeerSession> wanted = new HashSet<>();
        lanes.values().forEach(lane -> wanted.addAll(lane.sessions()));
        for (PeerSession session : device.peers()) {
            if (!wanted.contains(session)) {
                device.remove(session.settings().publicKey());
            }
        }
    }
}
