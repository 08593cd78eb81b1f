// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * A few rewritten packets that wait for a session, so that the first packet to a peer is not lost. Confined to one egress thread.
 */
final class StagedPackets {
    /** One window of a young TCP connection and some; more would only be stale when they go. */
    static final int CAPACITY = 64;

    /** A packet that waited longer was repeated by its sender meanwhile. */
    static final long PATIENCE_NANOS = 5_000_000_000L;

    /** One waiting packet. */
    static final class Staged {
        private final byte[] packet;
        private final long since;

        private Staged(byte[] packet, long since) {
            this.packet = packet;
            this.since = since;
        }

        byte[] packet() {
            return packet;
        }
    }

    private final Deque<Staged> packets = new ArrayDeque<>();

    /** Adds a packet; returns false when the oldest had to go for it. */
    boolean add(byte[] packet, long now) {
        packets.addLast(new Staged(packet, now));
        if (packets.size() <= CAPACITY) {
            return true;
        }
        packets.removeFirst();
        return false;
    }

    /** Removes the oldest if it has waited too long. */
    boolean removeStale(long now) {
        Staged oldest = packets.peekFirst();
        if (oldest == null || now - oldest.since < PATIENCE_NANOS) {
            return false;
        }
        packets.removeFirst();
        return true;
    }

    @Nullable
    Staged poll() {
        return packets.pollFirst();
    }

    boolean isEmpty() {
        return packets.isEmpty();
    }
}
