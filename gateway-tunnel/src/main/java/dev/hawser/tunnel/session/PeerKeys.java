// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import java.util.LinkedHashMap;
import java.util.Map;
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
    /** Every session of ours that is in the table, and since when it is not of use any more. */
    private final Map<TransportSession, Long> owned = new LinkedHashMap<>();

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
        owned.put(session, TrafficMarks.NEVER);
        table.add(session);
        keypairs.updateAndGet(pairs -> session.isInitiator() ? pairs.initiated(session) : pairs.responded(session));
        lastInstalled = session.createdNanos();
        retire(session.createdNanos());
    }

    /** Wipes what is no longer of use. */
    void tick(long now) {
        if (lastInstalled != TrafficMarks.NEVER && now - lastInstalled >= ProtocolLimits.WIPE_AFTER) {
            wipe();
        } else {
            retire(now);
        }
    }

    /** Wipes everything. */
    void wipe() {
        keypairs.set(Keypairs.NONE);
        lastInstalled = TrafficMarks.NEVER;
        owned.keySet().forEach(this::end);
        owned.clear();
    }

    /**
     * Ends sessions a moment after they went out of use. When both sides call at the same time the session that both still send
     * on is pushed out before the other side knows, and what is on its way would be lost.
     */
    private void retire(long now) {
        Keypairs pairs = keypairs.get();
        owned.replaceAll((session, since) -> {
            if (pairs.contains(session)) {
                return TrafficMarks.NEVER;
            }
            return since == TrafficMarks.NEVER ? now : since;
        });
        owned.entrySet().removeIf(entry -> {
            long since = entry.getValue();
            boolean over = since != TrafficMarks.NEVER && now - since >= ProtocolLimits.LINGER;
            if (over) {
                end(entry.getKey());
            }
            return over;
        });
    }

    private void end(TransportSession session) {
        table.remove(session.localIndex());
        session.close();
    }
}
