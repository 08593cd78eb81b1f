// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.wire.CookieReply;
import dev.hawser.tunnel.wire.HandshakeResponse;
import dev.hawser.tunnel.wire.Initiation;
import dev.hawser.tunnel.wire.MacedMessage;
import dev.hawser.tunnel.wire.Message;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway's end of the WireGuard protocol: its static keys, its peers, and everything that is not a transport packet.
 *
 * <p><b>Threads:</b> one control thread calls everything here but {@link #sessions} and {@link #drops}, which are thread-safe.
 * It passes on every datagram that is not a transport packet, and calls {@link #tick} every 100 to 250 ms and soon after {@link
 * SessionEvents#handshakeWanted}. <b>Time:</b> {@code now} is in nanoseconds of one monotonic clock.
 */
public final class WireGuardDevice implements AutoCloseable {
    private final Curve25519 curve;
    private final Surroundings surroundings;
    private final Map<PublicKey, PeerSession> peers = new LinkedHashMap<>();
    private final HandshakeDrops drops = new HandshakeDrops();
    private final Doorkeeper door;
    /** Where in the order of peers the next tick begins, so that those behind a full tick's initiations have their turn. */
    private int firstToTick;
    /** The peers as a list, made anew after a change. */
    private Optional<List<PeerSession>> inOrder = Optional.empty();

    private List<Identity> identities;

    /**
     * A device without peers.
     *
     * @param ports what it needs from outside
     * @param clock the time stamps of its initiations
     * @param keys its static keys; stay the caller's to wipe
     */
    public WireGuardDevice(DevicePorts ports, InitiationClock clock, StaticKeys keys) {
        this.curve = ports.curve();
        this.identities = identities(keys);
        this.surroundings = new Surroundings(ports, clock, identities.getFirst());
        this.door = new Doorkeeper(ports);
        surroundings.retiring(keys.last().map(PrivateKey::publicKey));
    }

    /**
     * Replaces the static keys. Sessions go on; a handshake of ours that is under way ends with the key it began with. Peers that
     * we speak to in a session made with {@link StaticKeys#last} are called under the new key.
     */
    public void identify(StaticKeys keys) {
        identities = identities(keys);
        surroundings.identity(identities.getFirst());
        surroundings.retiring(keys.last().map(PrivateKey::publicKey));
    }

    private List<Identity> identities(StaticKeys keys) {
        return keys.all().stream().map(key -> new Identity(key.by(curve))).toList();
    }

    /** Adds a peer, or changes the one with this public key. A peer that can be reached is called at the next tick. */
    public PeerSession put(PeerSettings settings) {
        PublicKey key = settings.publicKey();
        if (identities.stream().anyMatch(identity -> identity.publicKey().equals(key))) {
            throw new IllegalArgumentException(
                    "peer " + settings.name() + " has this gateway's own public key " + key + "; give it its own");
        }
        PeerSession known = peers.get(key);
        if (known != null) {
            known.update(settings);
            return known;
        }
        PeerSession peer = new PeerSession(surroundings, settings);
        peers.put(key, peer);
        inOrder = Optional.empty();
        if (!settings.endpoints().isEmpty()) {
            peer.requestHandshake();
        }
        return peer;
    }

    /** Removes a peer and wipes its keys; unknown keys are ignored. */
    public void remove(PublicKey key) {
        PeerSession peer = peers.remove(key);
        if (peer != null) {
            inOrder = Optional.empty();
            peer.wipe();
        }
    }

    /** The peer with a public key. */
    public Optional<PeerSession> peer(PublicKey key) {
        return Optional.ofNullable(peers.get(key));
    }

    /** All peers in the order they were added. */
    public Collection<PeerSession> peers() {
        return List.copyOf(peers.values());
    }

    /** Where ingress threads find the session of a transport packet. */
    public SessionTable sessions() {
        return surroundings.indices().sessions();
    }

    /** Why handshake messages were dropped, and how many. */
    public HandshakeDrops drops() {
        return drops;
    }

    /**
     * Takes a datagram of type 1, 2 or 3.
     *
     * @param datagram its bytes
     * @param from where it came from
     */
    public void receive(byte[] datagram, UdpEndpoint from, long now) {
        Optional<Message> message = Message.parse(datagram);
        Optional<HandshakeDrop> drop =
                message.isEmpty() ? Optional.of(HandshakeDrop.MALFORMED) : follow(message.get(), from, now);
        drop.ifPresent(drops::add);
    }

    private Optional<HandshakeDrop> follow(Message message, UdpEndpoint from, long now) {
        return switch (message) {
            case Initiation initiation -> follow(initiation, from, now);
            case HandshakeResponse response -> follow(response, from, now);
            case CookieReply reply -> follow(reply, now);
        };
    }

    private Optional<HandshakeDrop> follow(Initiation initiation, UdpEndpoint from, long now) {
        Optional<Identity> identity = addressee(initiation);
        if (identity.isEmpty()) {
            return Optional.of(HandshakeDrop.WRONG_MAC1);
        }
        Optional<HandshakeDrop> refused = door.refuse(identity.get(), initiation, from, now);
        if (refused.isPresent()) {
            return refused;
        }
        Optional<ResponderHandshake> opened = ResponderHandshake.open(identity.get(), initiation);
        if (opened.isEmpty()) {
            return Optional.of(HandshakeDrop.UNAUTHENTIC_INITIATION);
        }
        try (ResponderHandshake handshake = opened.get()) {
            PeerSession peer = peers.get(handshake.remote());
            return peer == null ? Optional.of(HandshakeDrop.UNKNOWN_PEER) : peer.accept(handshake, from, now);
        }
    }

    private Optional<HandshakeDrop> follow(HandshakeResponse response, UdpEndpoint from, long now) {
        Optional<Identity> identity = addressee(response);
        if (identity.isEmpty()) {
            return Optional.of(HandshakeDrop.WRONG_MAC1);
        }
        Optional<PeerSession> peer = surroundings.indices().awaiting(response.receiver());
        if (peer.isEmpty()) {
            return Optional.of(HandshakeDrop.UNKNOWN_INDEX);
        }
        // It names an index that only we and who sees our packets know, so it needs no cookie. A thousand peers answer
        // within a
        // second after a restart; to send them all a cookie would cost them five seconds.
        Optional<HandshakeDrop> refused =
                peer.get().trustsResponses() ? Optional.empty() : door.refuse(identity.get(), response, from, now);
        return refused.isPresent() ? refused : peer.get().accept(response, from, now);
    }

    private Optional<HandshakeDrop> follow(CookieReply reply, long now) {
        Optional<PeerSession> peer = surroundings.indices().owner(reply.receiver());
        return peer.isEmpty()
                ? Optional.of(HandshakeDrop.UNKNOWN_INDEX)
                : peer.get().accept(reply, now);
    }

    private Optional<Identity> addressee(MacedMessage message) {
        return identities.stream()
                .filter(identity -> identity.isAddressed(message))
                .findFirst();
    }

    /**
     * Says that more handshake messages wait than can be followed soon. For a second, senders of initiations must then prove
     * their address with a cookie.
     */
    public void load(long now) {
        door.load(now);
    }

    /** Runs the timers of all peers. When more handshakes are due than one tick may begin, the others follow at the next. */
    public void tick(long now) {
        if (!inOrder.isPresent()) {
            inOrder = Optional.of(List.copyOf(peers.values()));
        }
        List<PeerSession> all = inOrder.get();
        surroundings.refillInitiations();
        int next = firstToTick;
        for (int i = 0; i < all.size(); i++) {
            boolean left = !surroundings.isOutOfInitiations();
            int at = (firstToTick + i) % all.size();
            all.get(at).tick(now);
            if (left && surroundings.isOutOfInitiations()) {
                next = at + 1;
            }
        }
        firstToTick = next;
    }

    /** Wipes the keys of all sessions. */
    @Override
    public void close() {
        door.close();
        peers.values().forEach(PeerSession::wipe);
        peers.clear();
        inOrder = Optional.empty();
    }
}
