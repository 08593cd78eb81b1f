// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When a peer's session was last used, and by whom: all that the timers need to know of the packet path.
 *
 * <p>Written once per batch by the packet threads with opaque stores, read by the control thread at each tick. A mark that is
 * lost in a race between two of them delays a keepalive by one batch, so nothing stronger is needed.
 */
final class TrafficMarks {
    /** A moment that did not happen. */
    static final long NEVER = Long.MIN_VALUE;

    private final AtomicLong lastSent = new AtomicLong(NEVER);
    private final AtomicLong lastReceived = new AtomicLong(NEVER);
    private final AtomicLong lastDataReceived = new AtomicLong(NEVER);
    /** The first data sent since the peer was last heard. */
    private final AtomicLong unansweredSince = new AtomicLong(NEVER);
    /** The first data received since anything was last sent. */
    private final AtomicLong unacknowledgedSince = new AtomicLong(NEVER);

    void dataSent(long now) {
        lastSent.setOpaque(now);
        setIfNever(unansweredSince, now);
        unacknowledgedSince.setOpaque(NEVER);
    }

    /** As the kernel does: data that came while a keepalive was already due asks for another one. */
    void keepaliveSent(long now) {
        lastSent.setOpaque(now);
        long since = unacknowledgedSince.getOpaque();
        long data = lastDataReceived.getOpaque();
        boolean another = since != NEVER && data != NEVER && data - since > 0;
        unacknowledgedSince.setOpaque(another ? now : NEVER);
    }

    void received(long now, boolean data) {
        lastReceived.setOpaque(now);
        unansweredSince.setOpaque(NEVER);
        if (data) {
            lastDataReceived.setOpaque(now);
            setIfNever(unacknowledgedSince, now);
        }
    }

    void forgetUnanswered() {
        unansweredSince.setOpaque(NEVER);
    }

    long lastSent() {
        return lastSent.getOpaque();
    }

    long lastReceived() {
        return lastReceived.getOpaque();
    }

    /**
     * Whether the peer has been silent for too long.
     *
     * @param jitter added to the time, so that two peers that were cut off at once do not call each other at once
     */
    boolean suspect(long now, long jitter) {
        return passed(unansweredSince, ProtocolLimits.SUSPECT_AFTER + jitter, now);
    }

    boolean keepaliveDue(long now) {
        return passed(unacknowledgedSince, ProtocolLimits.KEEPALIVE_TIMEOUT, now);
    }

    /** Whether nothing authenticated was sent or received for a time. */
    boolean idle(long time, long now) {
        return (lastSent() == NEVER || now - lastSent() >= time)
                && (lastReceived() == NEVER || now - lastReceived() >= time);
    }

    private static boolean passed(AtomicLong mark, long time, long now) {
        long since = mark.getOpaque();
        return since != NEVER && now - since >= time;
    }

    private static void setIfNever(AtomicLong mark, long now) {
        if (mark.getOpaque() == NEVER) {
            mark.setOpaque(now);
        }
    }
}
