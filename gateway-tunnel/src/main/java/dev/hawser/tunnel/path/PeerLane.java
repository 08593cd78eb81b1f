// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.tunnel.session.PeerSession;
import dev.hawser.tunnel.session.TransportSession;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stays of a peer while configuration changes around it: its counters, its sessions, and the packets that wait for one.
 *
 * <p><b>Threads:</b> the counters of a queue and what is staged in it belong to the threads of that queue; sessions and MTU are set by
 * the control thread; sums are for any thread.
 */
public final class PeerLane {
    private final String id;
    private final List<PathCounters> sent = new ArrayList<>();
    private final List<PathCounters> received = new ArrayList<>();
    private final List<StagedPackets> staged = new ArrayList<>();
    private volatile List<PeerSession> sessions = List.of();
    private volatile int mtu = Integer.MAX_VALUE;

    /** A lane without sessions, for as many queues. */
    public PeerLane(String id, int queues) {
        this.id = id;
        for (int queue = 0; queue < queues; queue++) {
            sent.add(new PathCounters());
            received.add(new PathCounters());
            staged.add(new StagedPackets());
        }
    }

    /** The peer's cluster ID. */
    public String id() {
        return id;
    }

    /** The peer's sessions, one for each of its static keys. */
    public void sessions(List<PeerSession> present) {
        sessions = List.copyOf(present);
    }

    /** The peer's sessions. */
    public List<PeerSession> sessions() {
        return sessions;
    }

    /** What went to the peer, and what was dropped on the way there. */
    public PathTotals sent() {
        return PathTotals.of(sent);
    }

    /** What came from the peer, and what was dropped on the way in. */
    public PathTotals received() {
        return PathTotals.of(received);
    }

    PathCounters sent(int queue) {
        return sent.get(queue);
    }

    PathCounters received(int queue) {
        return received.get(queue);
    }

    /**
     * The largest inner packet that the path to the peer takes; until somebody knows, whatever the device takes. IPv6 packets of up to
     * 1280 bytes go in any case.
     */
    public int mtu() {
        return mtu;
    }

    /** Sets what the path takes, a multiple of 16: packets are padded to that. Any thread. */
    public void mtu(int bytes) {
        mtu = bytes;
    }

    StagedPackets staged(int queue) {
        return staged.get(queue);
    }

    /**
     * The session to send with, or null. With several static keys of the peer it is the one made last: the peer chooses the same
     * way, so that each side sends what the other sends back on, and the rest falls silent. Any thread.
     */
    public @Nullable TransportSession sending(long now) {
        List<PeerSession> present = sessions;
        TransportSession latest = null;
        for (int i = 0; i < present.size(); i++) {
            TransportSession session = present.get(i).sending(now);
            if (session != null && (latest == null || session.createdNanos() - latest.createdNanos() > 0)) {
                latest = session;
            }
        }
        return latest;
    }

    /** Lets rest what is not sent with; by the control thread at each tick. */
    public void settle(long now) {
        TransportSession used = sending(now);
        sessions.forEach(session -> session.standBy(used != null && used.peer() != session));
    }

    void requestHandshake() {
        sessions.forEach(PeerSession::requestHandshake);
    }
}
