// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * The transport sessions of a device by local index.
 *
 * <p><b>Threads:</b> {@link #find} by any thread, without lock or allocation; changes by the control thread, which publishes a
 * new snapshot. Sessions change a few times per minute and are looked up a million times per second, so copying a part of the
 * table for each change is the cheap way round.
 */
public final class SessionTable {
    private static final int SMALLEST = 16;

    /** Ten thousand peers that come back at once change the table twenty thousand times; a change copies one shard. */
    private static final int SHARD_BITS = 6;

    private static final int SHARDS = 1 << SHARD_BITS;

    private final AtomicReferenceArray<Snapshot> shards = new AtomicReferenceArray<>(SHARDS);
    private final int[] sizes = new int[SHARDS];

    SessionTable() {
        for (int i = 0; i < SHARDS; i++) {
            shards.set(i, new Snapshot(SMALLEST));
        }
    }

    /** The session that answers to an index, or null. */
    public @Nullable TransportSession find(int index) {
        return shards.getAcquire(shard(index)).find(index);
    }

    void add(TransportSession session) {
        int shard = shard(session.localIndex());
        Snapshot next = shards.get(shard).copy(capacityFor(sizes[shard] + 1), session.localIndex());
        next.put(session);
        sizes[shard]++;
        shards.set(shard, next);
    }

    void remove(int index) {
        int shard = shard(index);
        if (shards.get(shard).find(index) == null) {
            return;
        }
        sizes[shard]--;
        shards.set(shard, shards.get(shard).copy(capacityFor(sizes[shard]), index));
    }

    /** By the upper bits: the lower ones choose the slot. */
    private static int shard(int index) {
        return index >>> (Integer.SIZE - SHARD_BITS);
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
