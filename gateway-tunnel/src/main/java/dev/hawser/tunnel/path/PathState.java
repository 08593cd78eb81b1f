// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import java.util.Collections;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Where the control thread publishes snapshots for the loops, one of each kind for each queue, and learns when they have let go
 * of the one before.
 *
 * <p><b>Threads:</b> any.
 */
public final class PathState {
    private volatile PathSnapshot published;
    private final AtomicReferenceArray<PathSnapshot> usedByEgress;
    private final AtomicReferenceArray<PathSnapshot> usedByIngress;

    /** Starts with a snapshot that all loops count as using. */
    public PathState(PathSnapshot first, int queues) {
        published = first;
        usedByEgress =
                new AtomicReferenceArray<>(Collections.nCopies(queues, first).toArray(PathSnapshot[]::new));
        usedByIngress =
                new AtomicReferenceArray<>(Collections.nCopies(queues, first).toArray(PathSnapshot[]::new));
    }

    /** Makes all loops use a snapshot from their next batch on. By the control thread only. */
    public void publish(PathSnapshot snapshot) {
        PathSnapshot before = published;
        published = snapshot;
        // An ingress loop may sleep on sockets that are not those of the new snapshot, and would never look up.
        before.udp().wake();
    }

    /** The latest snapshot. */
    public PathSnapshot published() {
        return published;
    }

    /** Whether no loop can still touch an earlier snapshot, its sockets included. */
    public boolean isSettled() {
        PathSnapshot latest = published;
        for (int queue = 0; queue < usedByEgress.length(); queue++) {
            if (usedByEgress.get(queue) != latest || usedByIngress.get(queue) != latest) {
                return false;
            }
        }
        return true;
    }

    PathSnapshot forEgress(int queue) {
        return latest(usedByEgress, queue);
    }

    PathSnapshot forIngress(int queue) {
        return latest(usedByIngress, queue);
    }

    private PathSnapshot latest(AtomicReferenceArray<PathSnapshot> used, int queue) {
        PathSnapshot latest = published;
        if (used.getPlain(queue) != latest) {
            used.set(queue, latest);
        }
        return latest;
    }
}
