// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

/**
 * Where the control thread publishes snapshots for the loops, and learns when they have let go of the one before.
 *
 * <p><b>Threads:</b> any.
 */
public final class PathState {
    private volatile PathSnapshot published;
    private volatile PathSnapshot usedByEgress;
    private volatile PathSnapshot usedByIngress;

    /** Starts with a snapshot that both loops count as using. */
    public PathState(PathSnapshot first) {
        published = first;
        usedByEgress = first;
        usedByIngress = first;
    }

    /** Makes both loops use a snapshot from their next batch on. By the control thread only. */
    public void publish(PathSnapshot snapshot) {
        PathSnapshot before = published;
        published = snapshot;
        // The ingress loop may sleep on sockets that are not those of the new snapshot, and would never look up.
        before.udp().wake();
    }

    /** The latest snapshot. */
    public PathSnapshot published() {
        return published;
    }

    /** Whether neither loop can still touch an earlier snapshot, its sockets included. */
    public boolean isSettled() {
        PathSnapshot latest = published;
        return usedByEgress == latest && usedByIngress == latest;
    }

    PathSnapshot forEgress() {
        PathSnapshot latest = published;
        if (usedByEgress != latest) {
            usedByEgress = latest;
        }
        return latest;
    }

    PathSnapshot forIngress() {
        PathSnapshot latest = published;
        if (usedByIngress != latest) {
            usedByIngress = latest;
        }
        return latest;
    }
}
