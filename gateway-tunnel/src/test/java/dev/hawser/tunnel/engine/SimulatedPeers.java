// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.net.Host;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.crypto.jce.SunJceAead;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.session.DevicePorts;
import dev.hawser.tunnel.session.InitiationClock;
import dev.hawser.tunnel.session.PeerSession;
import dev.hawser.tunnel.session.PeerSettings;
import dev.hawser.tunnel.session.SessionEvents;
import dev.hawser.tunnel.session.StaticKeys;
import dev.hawser.tunnel.session.TransportSession;
import dev.hawser.tunnel.session.WireGuardDevice;
import dev.hawser.tunnel.wire.MessageType;
import dev.hawser.tunnel.wire.Transport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The far ends of many tunnels, each with its own address and key, on one thread: handshakes and keepalives, no packets. */
final class SimulatedPeers implements AutoCloseable {
    private static final int PORT = 51_820;
    private static final long TICK = TimeUnit.MILLISECONDS.toNanos(100);

    private final List<Peer> peers = new ArrayList<>();
    private final Selector selector;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(2048);
    private final ConcurrentLinkedQueue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final UdpEndpoint gateway;
    private final Thread thread;
    private volatile boolean stopping;

    /** One of them. */
    private final class Peer {
        final IpAddress address;
        final DatagramChannel channel;
        final PrivateKey key;
        final WireGuardDevice device;
        final PeerSession session;

        Peer(Host host, int number, PublicKey gatewayKey) throws Exception {
            address = IpAddress.parse("198.18.0.0").plus(number + 1);
            key = PrivateKey.generate(new Random(number));
            channel = host.call(DatagramChannel::open);
            channel.bind(new InetSocketAddress(InetAddress.getByAddress(address.toBytes()), PORT));
            channel.configureBlocking(false).register(selector, SelectionKey.OP_READ, this);
            device = new WireGuardDevice(
                    new DevicePorts(
                            new SunJceAead(),
                            Curve25519.BOUNCY_CASTLE,
                            new Random(-number),
                            this::send,
                            SessionEvents.NONE,
                            1),
                    new InitiationClock(Instant.now(), System.nanoTime(), Optional.empty()),
                    StaticKeys.only(key));
            session = device.put(new PeerSettings("gateway", gatewayKey, PresharedKey.none(), List.of(), 0));
        }

        private void send(UdpEndpoint to, byte[] datagram) {
            try {
                SocketAddress target = new InetSocketAddress(
                        InetAddress.getByAddress(to.address().toBytes()), to.port());
                channel.send(ByteBuffer.wrap(datagram), target);
            } catch (IOException unreachable) {
                // As on any network: the protocol sends it again.
            }
        }

        void receive() throws IOException {
            ByteBuffer datagram = buffer.asByteBuffer();
            while (channel.receive(datagram) instanceof InetSocketAddress from) {
                receive(datagram.position(), from);
                datagram.clear();
            }
        }

        private void receive(int length, InetSocketAddress source) {
            UdpEndpoint from =
                    UdpEndpoint.of(IpAddress.ofBytes(source.getAddress().getAddress()), source.getPort());
            long now = System.nanoTime();
            if (MessageType.of(buffer, 0, length) != MessageType.TRANSPORT) {
                device.receive(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), from, now);
                return;
            }
            @Nullable TransportSession opener = device.sessions().find(Transport.receiver(buffer, 0));
            if (opener != null) {
                int opened = opener.open(0, now, buffer, 0, length, buffer, Transport.HEADER);
                if (opened >= 0) {
                    opener.peer()
                            .onAuthenticated(
                                    opener,
                                    now,
                                    opened > 0,
                                    from.equals(opener.peer().endpoint()) ? null : from);
                }
            }
        }
    }

    /**
     * Makes them.
     *
     * @param host where 198.18.0.0/15 is local
     * @param count how many; number i lives at 198.18.0.1 + i
     */
    SimulatedPeers(Host host, int count, PublicKey gatewayKey, UdpEndpoint gateway) throws Exception {
        this.gateway = gateway;
        selector = Selector.open();
        for (int i = 0; i < count; i++) {
            peers.add(new Peer(host, i, gatewayKey));
        }
        thread = Thread.ofPlatform().daemon().name("simulated-peers").start(this::run);
    }

    PublicKey key(int number) {
        return peers.get(number).key.publicKey();
    }

    IpAddress address(int number) {
        return peers.get(number).address;
    }

    /** Makes some of them call, as a gateway does whose probes stay away. */
    void call(int first, int end) {
        tasks.add(() -> peers.subList(first, end).forEach(peer -> {
            peer.session.redirect(gateway);
        }));
        selector.wakeup();
    }

    private void run() {
        long nextTick = System.nanoTime();
        while (!stopping) {
            try {
                selector.select(key -> receive((Peer) key.attachment()), 10);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                task.run();
            }
            long now = System.nanoTime();
            if (now - nextTick >= 0) {
                nextTick = now + TICK;
                peers.forEach(peer -> peer.device.tick(now));
            }
        }
    }

    private static void receive(Peer peer) {
        try {
            peer.receive();
        } catch (IOException unreachable) {
            // An ICMP error about what was sent before.
        }
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        selector.wakeup();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Peer peer : peers) {
            peer.channel.close();
            peer.device.close();
        }
        selector.close();
        arena.close();
    }
}
