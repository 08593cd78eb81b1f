// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.crypto.jce.SunJceAead;
import dev.hawser.tunnel.path.PeerLane;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.wire.MessageType;
import dev.hawser.tunnel.wire.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A gateway in a simulated network: a device, and the little of a packet path that a session needs. Single-threaded. */
final class Party implements SessionEvents {
    static final int MTU = 1420;

    final String name;
    final UdpEndpoint endpoint;
    final PrivateKey privateKey;
    final WireGuardDevice device;
    final List<byte[]> delivered = new ArrayList<>();
    final List<Integer> refused = new ArrayList<>();
    int established;
    int gaveUp;
    int initiationsSent;
    int keepalivesSent;
    int cookiesGiven;
    int packetsLostForLackOfASession;

    private final Network network;
    private final MemorySegment buffer = Arena.ofAuto().allocate(2048);

    Party(Network network, String name, int host, PrivateKey privateKey) {
        this(network, name, host, privateKey, clock(1_000_000, Optional.empty()));
    }

    Party(Network network, String name, int host, PrivateKey privateKey, InitiationClock clock) {
        this.network = network;
        this.name = name;
        this.endpoint = UdpEndpoint.of(IpAddress.parse("203.0.113." + host), 51820);
        this.privateKey = privateKey;
        DevicePorts ports =
                new DevicePorts(new SunJceAead(), Curve25519.BOUNCY_CASTLE, new Random(host), this::control, this, 1);
        this.device = new WireGuardDevice(ports, clock, StaticKeys.only(privateKey));
        network.attach(this);
    }

    /** What a session needs that sends nothing. */
    static DevicePorts silent() {
        return new DevicePorts(
                new SunJceAead(), Curve25519.BOUNCY_CASTLE, new Random(1), (to, datagram) -> {}, SessionEvents.NONE, 1);
    }

    static InitiationClock clock(long seconds, Optional<Tai64n> last) {
        return new InitiationClock(Instant.ofEpochSecond(seconds), 0, last);
    }

    PublicKey publicKey() {
        return privateKey.publicKey();
    }

    PeerSession knows(Party other, PresharedKey psk, int keepaliveSeconds, UdpEndpoint... endpoints) {
        return device.put(new PeerSettings(other.name, other.publicKey(), psk, List.of(endpoints), keepaliveSeconds));
    }

    PeerSession knows(Party other) {
        return knows(other, PresharedKey.none(), 0, other.endpoint);
    }

    PeerSession session(Party other) {
        return device.peer(other.publicKey()).orElseThrow();
    }

    /** Sends a packet of text, or loses it if there is no session yet. */
    boolean say(Party to, String text) {
        PeerSession peer = session(to);
        TransportSession session = peer.sending(network.now());
        if (session == null) {
            peer.requestHandshake();
            packetsLostForLackOfASession++;
            return false;
        }
        return say(session, text);
    }

    /** As above, with whichever of the peer's static keys is in use. */
    boolean say(PeerLane to, String text) {
        TransportSession session = to.sending(network.now());
        if (session == null) {
            to.sessions().forEach(PeerSession::requestHandshake);
            packetsLostForLackOfASession++;
            return false;
        }
        return say(session, text);
    }

    private boolean say(TransportSession session, String text) {
        PeerSession peer = session.peer();
        UdpEndpoint at = Objects.requireNonNull(peer.endpoint());
        byte[] packet = text.getBytes(StandardCharsets.UTF_8);
        int padded = Transport.paddedLength(packet.length, MTU);
        buffer.fill((byte) 0);
        MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, Transport.HEADER, packet.length);
        int length = session.seal(0, buffer, Transport.HEADER, padded, buffer, 0);
        if (length == TransportSession.UNUSABLE) {
            return false;
        }
        peer.onDataSent(network.now());
        network.send(this, at, buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        return true;
    }

    private void control(UdpEndpoint to, byte[] datagram) {
        switch (Objects.requireNonNull(typeOf(datagram))) {
            case INITIATION -> initiationsSent++;
            case TRANSPORT -> keepalivesSent++;
            case COOKIE_REPLY -> cookiesGiven++;
            case RESPONSE -> {}
        }
        network.send(this, to, datagram);
    }

    static @Nullable MessageType typeOf(byte[] datagram) {
        return MessageType.of(MemorySegment.ofArray(datagram), 0, datagram.length);
    }

    void receive(byte[] datagram, UdpEndpoint from) {
        if (typeOf(datagram) == MessageType.TRANSPORT) {
            open(datagram, from);
        } else {
            device.receive(datagram, from, network.now());
        }
    }

    private void open(byte[] datagram, UdpEndpoint from) {
        MemorySegment.copy(datagram, 0, buffer, ValueLayout.JAVA_BYTE, 0, datagram.length);
        TransportSession session = device.sessions().find(Transport.receiver(buffer, 0));
        if (session == null) {
            return;
        }
        int length = session.open(0, network.now(), buffer, 0, datagram.length, buffer, Transport.HEADER);
        if (length < 0) {
            refused.add(length);
            return;
        }
        PeerSession peer = session.peer();
        session.peer().onAuthenticated(session, network.now(), length > 0, from.equals(peer.endpoint()) ? null : from);
        if (length > 0) {
            delivered.add(buffer.asSlice(Transport.HEADER, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    long dropped(HandshakeDrop reason) {
        return device.drops().snapshot().getOrDefault(reason, 0L);
    }

    List<String> heard() {
        return delivered.stream()
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8).replace("\0", ""))
                .toList();
    }

    @Override
    public void established(PeerSession peer, long now) {
        established++;
    }

    @Override
    public void gaveUp(PeerSession peer, long now) {
        gaveUp++;
    }
}
