// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.wire.MessageType;
import dev.hawser.tunnel.wire.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/** A device on a real socket and real time, all by one thread: as little around the protocol as a foreign peer needs to see. */
final class LoopbackGateway implements AutoCloseable {
    private static final int MTU = 1420;
    private static final int TICK_MILLIS = 100;

    final PrivateKey privateKey = PrivateKey.generate(new SecureRandom());
    final WireGuardDevice device;

    private final DatagramSocket socket;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(4096);
    private final byte[] datagram = new byte[4096];

    LoopbackGateway(DatagramSocket socket, AeadProvider aead) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(TICK_MILLIS);
        this.device = new WireGuardDevice(
                new DevicePorts(aead, Curve25519.BOUNCY_CASTLE, new SecureRandom(), this::send, SessionEvents.NONE, 1),
                new InitiationClock(Instant.now(), System.nanoTime(), Optional.empty()),
                StaticKeys.only(privateKey));
    }

    int port() {
        return socket.getLocalPort();
    }

    /** Sends an inner packet if there is a session. */
    boolean send(PeerSession peer, byte[] packet) {
        long now = System.nanoTime();
        TransportSession session = peer.sending(now);
        UdpEndpoint to = peer.endpoint();
        if (session == null || to == null) {
            peer.requestHandshake();
            return false;
        }
        int padded = Transport.paddedLength(packet.length, MTU);
        buffer.asSlice(0, Transport.HEADER + padded).fill((byte) 0);
        MemorySegment.copy(packet, 0, buffer, ValueLayout.JAVA_BYTE, Transport.HEADER, packet.length);
        int length = session.seal(0, buffer, Transport.HEADER, padded, buffer, 0);
        peer.onDataSent(now);
        send(to, buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
        return true;
    }

    /** Receives for one tick at most, and passes inner packets on. */
    void turn(Consumer<byte[]> inner) throws IOException {
        DatagramPacket packet = new DatagramPacket(datagram, datagram.length);
        try {
            socket.receive(packet);
            receive(packet, inner);
        } catch (SocketTimeoutException e) {
            // Nothing came; the timers still want their turn.
        }
        device.tick(System.nanoTime());
    }

    private void receive(DatagramPacket packet, Consumer<byte[]> inner) {
        long now = System.nanoTime();
        byte[] bytes = Arrays.copyOf(packet.getData(), packet.getLength());
        UdpEndpoint from = UdpEndpoint.of(IpAddress.ofBytes(packet.getAddress().getAddress()), packet.getPort());
        if (MessageType.of(MemorySegment.ofArray(bytes), 0, bytes.length) != MessageType.TRANSPORT) {
            device.receive(bytes, from, now);
            return;
        }
        MemorySegment.copy(bytes, 0, buffer, ValueLayout.JAVA_BYTE, 0, bytes.length);
        TransportSession session = device.sessions().find(Transport.receiver(buffer, 0));
        int length = session == null
                ? TransportSession.UNAUTHENTIC
                : session.open(0, now, buffer, 0, bytes.length, buffer, Transport.HEADER);
        if (session != null && length >= 0) {
            PeerSession peer = session.peer();
            peer.onAuthenticated(session, now, length > 0, from.equals(peer.endpoint()) ? null : from);
        }
        if (length > 0) {
            inner.accept(buffer.asSlice(Transport.HEADER, length).toArray(ValueLayout.JAVA_BYTE));
        }
    }

    private void send(UdpEndpoint to, byte[] bytes) {
        try {
            InetAddress address = InetAddress.getByAddress(to.address().toBytes());
            socket.send(new DatagramPacket(bytes, bytes.length, address, to.port()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        device.close();
        socket.close();
        arena.close();
    }
}
