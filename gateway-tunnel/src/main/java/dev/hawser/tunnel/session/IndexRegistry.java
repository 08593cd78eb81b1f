// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The 32-bit indices by which peers name our handshakes and sessions. Random, so that they tell nothing. Control thread only. */
final class IndexRegistry {
    private final RandomGenerator random;
    private final SessionTable sessions = new SessionTable();
    private final Map<Integer, PeerSession> pending = new HashMap<>();

    IndexRegistry(RandomGenerator random) {
        this.random = random;
    }

    SessionTable sessions() {
        return sessions;
    }

    /** An index nobody has. */
    int free() {
        int index = random.nextInt();
        while (sessions.find(index) != null || pending.containsKey(index)) {
            index = random.nextInt();
        }
        return index;
    }

    /** Notes that a peer awaits a response under an index. */
    void await(int index, PeerSession peer) {
        pending.put(index, peer);
    }

    /** Forgets an index that was awaited. */
    void release(int index) {
        pending.remove(index);
    }

    /** The peer that awaits a response under an index. */
    Optional<PeerSession> awaiting(int index) {
        return Optional.ofNullable(pending.get(index));
    }

    /** The peer that has an index in any role. */
    Optional<PeerSession> owner(int index) {
        TransportSession session = sessions.find(index);
        return session != null ? Optional.of(session.peer()) : awaiting(index);
    }
}
