// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The transport sessions of one peer: which is used for what, and when each is wiped.
 *
 * <p><b>Threads:</b> {@link #current}, {@link #isNext} and {@link #confirm} by the packet path; the rest by the control thread.
 * The packet path may drop a session from the snapshot, but only the control thread adds one, takes it out of the table and
 * wipes it.
 */
final class PeerKeys {
    private final SessionTable table;
    private final AtomicReference<Keypairs> keypairs = new AtomicReference<>(Keypairs.NONE);
    /** Every session of ours that is in the table. */
    private final List<TransportSession> owned = new ArrayList<>();

    private long lastInstalled = TrafficMarks.NEVER;

    PeerKeys(SessionTable table) {
        this.table = table;
    }

    @Nullable
    TransportSession current() {
        return keypairs.get().current();
    }

    boolean isNext(TransportSession session) {
        return keypairs.get().next() == session;
    }

    /** Makes the session current if it is still next; returns whether this call did so. */
    boolean confirm(TransportSession session) {
        return keypairs.getAndUpdate(pairs -> pairs.confirmed(session)).next() == session;
    }

    /** Takes a session in that we may send with at once if we initiated it, and after confirmation if not. */
    void install(TransportSession session) {
        owned.add(session);
        table.add(session);
        keypairs.updateAndGet(pairs -> session.isInitiator() ? pairs.initiated(session) : pairs.responded(session));
        lastInstalled = session.createdNanos();
        retire();
    }

    /** Wipes what is no longer of use. */
    void tick(long now) {
        if (lastInstalled != TrafficMarks.NEVER && now - lastInstalled >= ProtocolLimits.WIPE_AFTER) {
            wipe();
        } else {
            retire();
        }
    }

    /** Wipes everything. */
    void wipe() {
        keypairs.set(Keypairs.NONE);
        lastInstalled = TrafficMarks.NEVER;
        retire();
    }

    private void retire() {
        Keypairs pairs = keypairs.get();
        owned.removeIf(session -> {
            boolean gone = !pairs.contains(session);
            if (gone) {
                table.remove(session.localIndex());
                session.close();
            }
            return gone;
        });
    }
}
