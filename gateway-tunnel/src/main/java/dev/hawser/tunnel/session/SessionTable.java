// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import org.jspecify.annotations.Nullable;

/**
 * The transport sessions of a device by local index.
 *
 * <p><b>Threads:</b> {@link #find} by any thread, without lock or allocation; changes by the control thread, which publishes a
 * new snapshot. Sessions change a few times per minute and are looked up a million times per second, so copying the whole table
 * for each change is the cheap way round.
 */
public final class SessionTable {
    private static final int SMALLEST = 16;

    private volatile Snapshot snapshot = new Snapshot(SMALLEST);
    private int size;

    /** The session that answers to an index, or null. */
    public @Nullable TransportSession find(int index) {
        return snapshot.find(index);
    }

    void add(TransportSession session) {
        Snapshot next = snapshot.copy(capacityFor(size + 1), session.localIndex());
        next.put(session);
        size++;
        snapshot = next;
    }

    void remove(int index) {
        if (snapshot.find(index) == null) {
            return;
        }
        size--;
        snapshot = snapshot.copy(capacityFor(size), index);
    }

    /** At most half full, so that a probe for a foreign index ends soon. */
    private static int capacityFor(int size) {
        return Math.max(SMALLEST, Integer.highestOneBit(2 * size) << 1);
    }

    /** Open addressing with linear probing; indices are random, so they are their own hash. */
    private static final class Snapshot {
        private final int mask;
        private final @Nullable TransportSession[] slots;

        Snapshot(int capacity) {
            this.mask = capacity - 1;
            this.slots = new @Nullable TransportSession[capacity];
        }

        @Nullable
        TransportSession find(int index) {
            int slot = index & mask;
            TransportSession session = slots[slot];
            while (session != null && session.localIndex() != index) {
                slot = (slot + 1) & mask;
                session = slots[slot];
            }
            return session;
        }

        void put(TransportSession session) {
            int slot = session.localIndex() & mask;
            while (slots[slot] != null) {
                slot = (slot + 1) & mask;
            }
            slots[slot] = session;
        }

        Snapshot copy(int capacity, int without) {
            Snapshot copy = new Snapshot(capacity);
            for (TransportSession session : slots) {
                if (session != null && session.localIndex() != without) {
                    copy.put(session);
                }
            }
            return copy;
        }
    }
}
