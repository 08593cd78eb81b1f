// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import org.jspecify.annotations.Nullable;

/**
 * The timer of one peer's outgoing handshake: an initiation every five seconds and a bit, for ninety seconds from the last time
 * somebody asked for one. Control thread only.
 *
 * <pre>
 *   idle --begin--> active --(due)--> SEND --sent--> active ... --(90 s)--> GIVE_UP --end--> idle
 *                      '------------------ response, or the peer's own handshake: end -----'
 * </pre>
 */
final class HandshakeAttempt {
    /** What is to be done at a tick. */
    enum Step {
        WAIT,
        SEND,
        GIVE_UP
    }

    private boolean active;
    private long startedAt;
    private long nextAt;
    private long lastSent = TrafficMarks.NEVER;
    private @Nullable InitiatorHandshake pending;
    private boolean deceived;

    /** Begins, unless it has begun; the five seconds since the last initiation are kept in any case. */
    void begin(long now) {
        if (active) {
            return;
        }
        active = true;
        startedAt = now;
        boolean tooSoon = lastSent != TrafficMarks.NEVER && now - lastSent < ProtocolLimits.REKEY_TIMEOUT;
        nextAt = tooSoon ? lastSent + ProtocolLimits.REKEY_TIMEOUT : now;
    }

    /** Begins, or starts the ninety seconds anew: there is demand. */
    void demand(long now) {
        begin(now);
        startedAt = now;
    }

    Step step(long now) {
        if (!active) {
            return Step.WAIT;
        }
        if (now - startedAt >= ProtocolLimits.REKEY_ATTEMPT) {
            return Step.GIVE_UP;
        }
        return now - nextAt >= 0 ? Step.SEND : Step.WAIT;
    }

    /** Notes an initiation that is on its way; it replaces the one before. */
    void sent(InitiatorHandshake handshake, long now, long jitter) {
        wipePending();
        pending = handshake;
        deceived = false;
        lastSent = now;
        nextAt = now + ProtocolLimits.REKEY_TIMEOUT + jitter;
    }

    /** Whether a session made at a time fulfils what this attempt is for. */
    boolean isFulfilledBy(TransportSession session) {
        return active && session.createdNanos() - startedAt >= 0;
    }

    /** Whether no initiation went out for a time. */
    boolean idle(long time, long now) {
        return lastSent == TrafficMarks.NEVER || now - lastSent >= time;
    }

    /** The handshake that awaits its response. */
    @Nullable
    InitiatorHandshake pending() {
        return pending;
    }

    /** Notes that somebody sent a response that was none. */
    void deceived() {
        deceived = true;
    }

    /** Whether the handshake that awaits its response has met a forged one. */
    boolean isDeceived() {
        return deceived;
    }

    void end() {
        active = false;
        wipePending();
    }

    private void wipePending() {
        InitiatorHandshake old = pending;
        if (old != null) {
            old.close();
            pending = null;
        }
    }
}
