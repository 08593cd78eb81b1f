// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.wire.CookieReply;
import dev.hawser.tunnel.wire.HandshakeResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The sessions with one static key of a peer: handshakes, timers, and where the peer is.
 *
 * <p><b>Threads:</b> the public methods are for the packet path and cost a few plain memory accesses per batch; each says who
 * calls it. Everything else belongs to the control thread. Between the two stand volatile snapshots only. <b>Time:</b> {@code
 * now} is in nanoseconds of one monotonic clock.
 */
public final class PeerSession {
    private final Surroundings surroundings;
    private final StaticSecret secret;
    private final MacStamper stamper;
    private final TrafficMarks marks = new TrafficMarks();
    private final HandshakeAttempt attempt = new HandshakeAttempt();
    private final PeerKeys keys;
    private final AtomicBoolean handshakeWanted = new AtomicBoolean();

    private volatile PeerSettings settings;
    private volatile @Nullable UdpEndpoint endpoint;
    private volatile long lastHandshake = TrafficMarks.NEVER;
    private long lastAccepted = TrafficMarks.NEVER;
    private boolean standby;
    private boolean elsewhere;
    private long suspectJitter;
    private @Nullable Tai64n greatestTimestamp;

    PeerSession(Surroundings surroundings, PeerSettings settings) {
        this.surroundings = surroundings;
        this.settings = settings;
        this.secret = new StaticSecret(settings.publicKey());
        this.suspectJitter = surroundings.jitter();
        this.keys = new PeerKeys(surroundings.indices().sessions());
        this.stamper = new MacStamper(settings.publicKey());
        this.endpoint =
                settings.endpoints().isEmpty() ? null : settings.endpoints().getFirst();
    }

    // ---- any thread

    /** What is configured. */
    public PeerSettings settings() {
        return settings;
    }

    /** Where the peer was authenticated last, else the first configured endpoint, else null. */
    public @Nullable UdpEndpoint endpoint() {
        return endpoint;
    }

    /** The session to send with at a time, or null: then hold the packet and {@link #requestHandshake}. */
    public @Nullable TransportSession sending(long now) {
        TransportSession current = keys.current();
        return current == null || current.isExpired(now) ? null : current;
    }

    /** Asks for a handshake: at the next tick, but at most one initiation in five seconds. Repeating it keeps the tries going. */
    public void requestHandshake() {
        if (!handshakeWanted.get() && handshakeWanted.compareAndSet(false, true)) {
            surroundings.ports().events().handshakeWanted(this);
        }
    }

    /** When the last handshake was completed, if one ever was. */
    public OptionalLong lastHandshakeNanos() {
        long at = lastHandshake;
        return at == TrafficMarks.NEVER ? OptionalLong.empty() : OptionalLong.of(at);
    }

    // ---- packet path

    /** Notes that data (not a keepalive) was sent; once per batch, by an egress thread. */
    public void onDataSent(long now) {
        marks.dataSent(now);
    }

    /**
     * Notes that a packet was opened and was not a replay; once per batch and session, by an ingress thread, before the packets
     * are passed on. The first one confirms a session we answered for.
     *
     * @param session what opened it
     * @param data whether any packet of the batch was more than a keepalive
     * @param movedTo where it came from if that is not {@link #endpoint}, else null
     */
    public void onAuthenticated(TransportSession session, long now, boolean data, @Nullable UdpEndpoint movedTo) {
        if (keys.isNext(session)) {
            confirm(session, now);
        }
        marks.received(now, data);
        if (movedTo != null) {
            move(movedTo);
        }
    }

    private void confirm(TransportSession session, long now) {
        if (keys.confirm(session)) {
            lastHandshake = now;
            surroundings.ports().events().established(this, now);
        }
    }

    private void move(UdpEndpoint to) {
        if (!to.equals(endpoint)) {
            endpoint = to;
            surroundings.ports().events().moved(this, to);
        }
    }

    // ---- control thread

    /**
     * Lets this session rest while the peer is spoken to under another of its static keys: it answers, and it calls when it
     * is asked to, but does neither on account of silence, which is what it shall hear.
     */
    public void standBy(boolean rest) {
        standby = rest;
    }

    /**
     * Calls the peer at every endpoint but the present one, if it has others: where probes get lost another way may be better. If
     * nobody answers there, the next call goes to all.
     */
    public void callElsewhere(long now) {
        if (endpoints().size() > 1) {
            elsewhere = true;
            attempt.demand(now);
        }
    }

    /** Speaks to the peer at another endpoint, until it is heard elsewhere. */
    public void redirect(UdpEndpoint to) {
        move(to);
        requestHandshake();
    }

    void update(PeerSettings changed) {
        boolean elsewhere = !changed.endpoints().equals(settings.endpoints());
        boolean otherSecret = !changed.presharedKey().equals(settings.presharedKey());
        settings = changed;
        if (otherSecret) {
            // Whoever changed it wants it in use now, not in two minutes; the session goes on until both sides have it.
            requestHandshake();
        }
        if (elsewhere && !changed.endpoints().isEmpty()) {
            if (endpoint == null) {
                endpoint = changed.endpoints().getFirst();
            }
            requestHandshake();
        }
    }

    void tick(long now) {
        keys.tick(now);
        TransportSession current = keys.current();
        if (current != null && attempt.isFulfilledBy(current)) {
            endAttempt();
        }
        if (handshakeWanted.getAndSet(false)) {
            attempt.demand(now);
        } else if (!standby && needsHandshake(current, now)) {
            attempt.begin(now);
        }
        switch (attempt.step(now)) {
            case WAIT -> {}
            case SEND -> {
                if (surroundings.takeInitiation()) {
                    initiate(now);
                }
            }
            case GIVE_UP -> giveUp(now);
        }
        if (!standby) {
            keepAlive(now);
        }
    }

    private boolean needsHandshake(@Nullable TransportSession current, long now) {
        if (marks.suspect(now, suspectJitter)) {
            return true;
        }
        if (current == null || current.isExpired(now)) {
            return false;
        }
        long sent = marks.lastSent();
        long received = marks.lastReceived();
        return surroundings.retiring().filter(current.ownKey()::equals).isPresent()
                || (sent != TrafficMarks.NEVER && current.wantsRekeyOnSend(sent))
                || (received != TrafficMarks.NEVER && current.wantsRekeyOnReceive(received));
    }

    private void initiate(long now) {
        List<UdpEndpoint> all = endpoints();
        List<UdpEndpoint> targets = elsewhere && all.size() > 1 ? all.subList(1, all.size()) : all;
        elsewhere = false;
        int index = surroundings.indices().free();
        Optional<InitiatorHandshake> begun = targets.isEmpty()
                ? Optional.empty()
                : InitiatorHandshake.begin(
                        surroundings.identity(),
                        secret,
                        ephemeral(),
                        index,
                        surroundings.clock().next(now));
        if (begun.isEmpty()) {
            // Nowhere to send it, or nobody who could answer: silence until something changes.
            marks.forgetUnanswered();
            endAttempt();
            return;
        }
        releasePending();
        suspectJitter = surroundings.jitter();
        attempt.sent(begun.get(), now, surroundings.jitter());
        surroundings.indices().await(index, this);
        // The same bytes to every endpoint: the peer follows the first copy and drops the others by their time stamp.
        byte[] datagram = stamper.stamp(begun.get().initiation(), now);
        targets.forEach(target -> surroundings.ports().outbox().send(target, datagram));
    }

    private PrivateKey ephemeral() {
        return PrivateKey.generate(
                surroundings.ports().random(), surroundings.ports().curve());
    }

    private List<UdpEndpoint> endpoints() {
        List<UdpEndpoint> targets = new ArrayList<>();
        UdpEndpoint learned = endpoint;
        if (learned != null) {
            targets.add(learned);
        }
        for (UdpEndpoint configured : settings.endpoints()) {
            boolean known = targets.stream()
                    .anyMatch(target ->
                            target.address().equals(configured.address()) && target.port() == configured.port());
            if (!known) {
                targets.add(configured);
            }
        }
        return targets;
    }

    /** Whether the next response may be believed to be the one we asked for, without the sender's proof of its address. */
    boolean trustsResponses() {
        return !attempt.isDeceived();
    }

    /** Takes the response to our initiation. */
    Optional<HandshakeDrop> accept(HandshakeResponse response, UdpEndpoint from, long now) {
        InitiatorHandshake pending = attempt.pending();
        if (pending == null || pending.index() != response.receiver()) {
            return Optional.of(HandshakeDrop.UNKNOWN_INDEX);
        }
        Optional<TransportKeys> ended = pending.end(response, settings.presharedKey());
        if (ended.isEmpty()) {
            attempt.deceived();
            return Optional.of(HandshakeDrop.UNAUTHENTIC_RESPONSE);
        }
        var indices = new TransportSession.Indices(pending.index(), response.sender(), true);
        endAttempt();
        TransportSession session = install(pending.local(), indices, ended.get(), now);
        lastHandshake = now;
        marks.received(now, false);
        move(from);
        // The responder may not send before it has heard us under the new keys.
        sendKeepalive(session, now);
        surroundings.ports().events().established(this, now);
        return Optional.empty();
    }

    /** Answers an initiation whose sender is this peer. */
    Optional<HandshakeDrop> accept(ResponderHandshake handshake, UdpEndpoint from, long now) {
        Tai64n greatest = greatestTimestamp;
        if (greatest != null && handshake.timestamp().compareTo(greatest) <= 0) {
            return Optional.of(HandshakeDrop.STALE_TIMESTAMP);
        }
        if (lastAccepted != TrafficMarks.NEVER && now - lastAccepted < ProtocolLimits.INITIATION_SPACING) {
            return Optional.of(HandshakeDrop.TOO_FREQUENT);
        }
        greatestTimestamp = handshake.timestamp();
        lastAccepted = now;
        int index = surroundings.indices().free();
        Optional<ResponderHandshake.Answer> answer;
        try (PrivateKey ephemeral = ephemeral()) {
            answer = handshake.answer(ephemeral, index, settings.presharedKey());
        }
        if (answer.isEmpty()) {
            return Optional.of(HandshakeDrop.UNAUTHENTIC_INITIATION);
        }
        var indices = new TransportSession.Indices(index, handshake.remoteIndex(), false);
        install(handshake.local(), indices, answer.get().keys(), now);
        marks.received(now, false);
        move(from);
        surroundings.ports().outbox().send(from, stamper.stamp(answer.get().response(), now));
        return Optional.empty();
    }

    /** Takes a cookie for the next message. */
    Optional<HandshakeDrop> accept(CookieReply reply, long now) {
        return stamper.accept(reply, now) ? Optional.empty() : Optional.of(HandshakeDrop.UNAUTHENTIC_COOKIE);
    }

    private TransportSession install(
            PublicKey ownKey, TransportSession.Indices indices, TransportKeys derived, long now) {
        try (derived) {
            var session = new TransportSession(this, ownKey, indices, surroundings.ports(), derived, now);
            keys.install(session);
            return session;
        }
    }

    private void keepAlive(long now) {
        long interval = TimeUnit.SECONDS.toNanos(settings.persistentKeepaliveSeconds());
        boolean persistent = interval > 0 && marks.idle(interval, now) && attempt.idle(interval, now);
        if (!persistent && !marks.keepaliveDue(now)) {
            return;
        }
        TransportSession session = sending(now);
        if (session == null) {
            attempt.begin(now);
            marks.keepaliveSent(now);
        } else {
            sendKeepalive(session, now);
        }
    }

    private void sendKeepalive(TransportSession session, long now) {
        UdpEndpoint to = endpoint;
        if (to != null && session.sealKeepalive(surroundings.scratch()) != TransportSession.UNUSABLE) {
            surroundings.ports().outbox().send(to, surroundings.scratchBytes());
        }
        marks.keepaliveSent(now);
    }

    private void giveUp(long now) {
        endAttempt();
        marks.forgetUnanswered();
        surroundings.ports().events().gaveUp(this, now);
    }

    private void endAttempt() {
        releasePending();
        attempt.end();
    }

    private void releasePending() {
        InitiatorHandshake pending = attempt.pending();
        if (pending != null) {
            surroundings.indices().release(pending.index());
        }
    }

    /** Forgets all keys; the peer itself stays. */
    void wipe() {
        keys.wipe();
        secret.close();
        endAttempt();
    }

    @Override
    public String toString() {
        return settings.name() + " (" + settings.publicKey() + ")";
    }
}
