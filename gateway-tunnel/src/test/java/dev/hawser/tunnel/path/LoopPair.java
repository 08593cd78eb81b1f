// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.path;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.jce.SunJceAead;
import dev.hawser.tunnel.port.Arrival;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.port.UdpPort;
import dev.hawser.tunnel.route.DropReason;
import dev.hawser.tunnel.route.Exposure;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.route.PeerRanges;
import dev.hawser.tunnel.route.PortFilter;
import dev.hawser.tunnel.route.Protocol;
import dev.hawser.tunnel.route.Routes;
import dev.hawser.tunnel.session.DevicePorts;
import dev.hawser.tunnel.session.InitiationClock;
import dev.hawser.tunnel.session.PeerSettings;
import dev.hawser.tunnel.session.SessionEvents;
import dev.hawser.tunnel.session.StaticKeys;
import dev.hawser.tunnel.session.TransportSession;
import dev.hawser.tunnel.session.WireGuardDevice;
import dev.hawser.tunnel.wire.MessageType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The loops of two gateways with a session between them, on one thread and a clock of their own: what goes in at {@code a} comes
 * out at {@code b} at once. Both clusters have the same ranges, of both families.
 */
final class LoopPair implements AutoCloseable {
    static final List<Cidr> PODS = List.of(Cidr.parse("10.200.0.0/16"), Cidr.parse("fd00:10:200::/56"));
    static final List<Cidr> EXTERNALS = List.of(Cidr.parse("10.70.0.0/16"), Cidr.parse("fd00:10:70::/112"));

    /** What b's ranges are called at a. */
    static final List<Remap> B_AT_A = List.of(
            remap(PODS.getFirst(), "10.71.0.0/16"),
            remap(EXTERNALS.getFirst(), "10.81.0.0/16"),
            remap(PODS.getLast(), "fd71:7:7:700::/56"),
            remap(EXTERNALS.getLast(), "fd81:8:8::8:0/112"));

    /** What a's ranges are called at b. */
    static final List<Remap> A_AT_B = List.of(
            remap(PODS.getFirst(), "10.72.0.0/16"),
            remap(EXTERNALS.getFirst(), "10.68.0.0/16"),
            remap(PODS.getLast(), "fd72:7:7:e00::/56"),
            remap(EXTERNALS.getLast(), "fd68:8:8::9:0/112"));

    /** Local addresses with an external one, one of them for a single port. */
    static final List<Exposure> EXPOSURES = List.of(
            new Exposure("s/four", ip("10.95.245.141"), ip("10.70.0.3"), List.of(), Set.of("*")),
            new Exposure("s/six", ip("fd00:10:95::8d"), ip("fd00:10:70::3"), List.of(), Set.of("*")),
            new Exposure(
                    "s/web",
                    ip("10.95.0.80"),
                    ip("10.70.0.80"),
                    List.of(new PortFilter(Protocol.TCP, 8118)),
                    Set.of("*")));

    private static final int PORT = 51_820;
    private static final long STEP = 10_000_000;
    private static final long LIFETIME = 100_000_000_000L;

    private static @Nullable LoopPair shared;

    final End a;
    final End b;
    private final Arena arena = Arena.ofShared();
    private long now = 1_000_000_000L;

    LoopPair() {
        Random random = new Random(7);
        PrivateKey keyA = PrivateKey.generate(random);
        PrivateKey keyB = PrivateKey.generate(random);
        a = new End("192.0.2.1", keyA, random);
        b = new End("192.0.2.2", keyB, random);
        a.open(keyB, List.of(b.endpoint), B_AT_A);
        b.open(keyA, List.of(), A_AT_B);
        a.device.tick(now);
        b.run();
    }

    /** A pair on which nothing was written and counted; a handshake serves many, but a session lives three minutes. */
    static LoopPair fresh() {
        LoopPair pair = shared;
        if (pair == null || pair.now > LIFETIME) {
            if (pair != null) {
                pair.close();
            }
            pair = new LoopPair();
            shared = pair;
        }
        pair.now += STEP;
        pair.a.forget();
        pair.b.forget();
        return pair;
    }

    static Routes routes(List<Remap> peer) {
        return Routes.compile(new LocalSide(PODS, EXTERNALS, EXPOSURES), List.of(new PeerRanges("peer", peer)));
    }

    private static Remap remap(Cidr from, String to) {
        return new Remap(from, Cidr.parse(to));
    }

    private static IpAddress ip(String text) {
        return IpAddress.parse(text);
    }

    @Override
    public void close() {
        a.device.close();
        b.device.close();
        arena.close();
    }

    /** One gateway; its counts begin at the last {@link #fresh}. */
    final class End {
        final OffloadingDevice packets = new OffloadingDevice();
        final PeerLane lane = new PeerLane("peer", 1);
        private final UdpEndpoint endpoint;
        private final WireGuardDevice device;
        private final Wire wire = new Wire();
        private @Nullable Loops loops;
        private long sentBefore;
        private long sentOrDroppedBefore;
        private long receivedOrDroppedBefore;
        private Map<DropReason, Long> dropsBefore = Map.of();

        End(String address, PrivateKey key, Random random) {
            endpoint = new UdpEndpoint(ip(address), PORT, PORT);
            device = new WireGuardDevice(
                    new DevicePorts(
                            new SunJceAead(),
                            Curve25519.BOUNCY_CASTLE,
                            random,
                            this::sendControl,
                            SessionEvents.NONE,
                            1),
                    new InitiationClock(Instant.EPOCH, 0, Optional.empty()),
                    StaticKeys.only(key));
        }

        private void open(PrivateKey peer, List<UdpEndpoint> endpoints, List<Remap> ranges) {
            lane.sessions(
                    List.of(device.put(new PeerSettings("peer", peer.publicKey(), PresharedKey.none(), endpoints, 0))));
            PathState state = new PathState(new PathSnapshot(routes(ranges), wire, Map.of("peer", lane)), 1);
            loops = new Loops(
                    state,
                    new EgressLoop(0, packets, state, () -> now, arena),
                    new IngressLoop(
                            0, List.of(packets), state, device.sessions(), (bytes, from) -> true, () -> now, arena));
        }

        private Loops loops() {
            return Objects.requireNonNull(loops);
        }

        private End other() {
            return this == a ? b : a;
        }

        private void sendControl(UdpEndpoint to, byte[] datagram) {
            MemorySegment bytes = MemorySegment.ofArray(datagram);
            if (MessageType.of(bytes, 0, datagram.length) == MessageType.TRANSPORT) {
                other().wire.arrived.add(new Train(datagram, 0));
            } else {
                other().device.receive(datagram, endpoint, now);
            }
        }

        /** Reads what the device has, sends it, and lets the other end write what arrived. */
        void send() {
            loops().egress.runBatch();
            other().run();
        }

        /** Seals bytes as a peer with our keys may, whatever they are, and lets the other end have them. */
        void sendRaw(List<byte[]> plaintexts) {
            TransportSession session = Objects.requireNonNull(lane.sending(now));
            try (Arena once = Arena.ofConfined()) {
                for (byte[] plaintext : plaintexts) {
                    MemorySegment from = once.allocate(plaintext.length + 16L);
                    MemorySegment to = once.allocate(plaintext.length + 64L);
                    MemorySegment.copy(plaintext, 0, from, ValueLayout.JAVA_BYTE, 0, plaintext.length);
                    int sealed = session.seal(0, from, 0, plaintext.length, to, 0);
                    other().wire.arrived.add(new Train(to.asSlice(0, sealed).toArray(ValueLayout.JAVA_BYTE), 0));
                }
            }
            other().run();
        }

        private void run() {
            loops().ingress.runBatch(loops().state.published());
        }

        private void forget() {
            packets.written().clear();
            sentBefore += sent();
            sentOrDroppedBefore += sentOrDropped();
            receivedOrDroppedBefore += receivedOrDropped();
            dropsBefore = allIngressDrops();
        }

        long sent() {
            return lane.sent().packets() - sentBefore;
        }

        long sentOrDropped() {
            return lane.sent().packets() + sum(lane.sent(), loops().egress.unowned()) - sentOrDroppedBefore;
        }

        long receivedOrDropped() {
            return lane.received().packets()
                    + sum(lane.received(), loops().ingress.unowned())
                    - receivedOrDroppedBefore;
        }

        /** Why packets of the peer were dropped. */
        Set<DropReason> ingressDrops() {
            Map<DropReason, Long> drops = allIngressDrops();
            return drops.keySet().stream()
                    .filter(reason -> !Objects.equals(drops.get(reason), dropsBefore.get(reason)))
                    .collect(Collectors.toSet());
        }

        private Map<DropReason, Long> allIngressDrops() {
            return PathTotals.drops(List.of(lane.received(), loops().ingress.unowned()));
        }

        private static long sum(PathTotals... totals) {
            return PathTotals.drops(List.of(totals)).values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        }

        /** What leaves here arrives at the other end. */
        private final class Wire implements UdpPort {
            private final Queue<Train> arrived = new ArrayDeque<>();

            @Override
            public List<Integer> localPorts() {
                return List.of(PORT);
            }

            @Override
            public int maxSegments() {
                return 64;
            }

            @Override
            public Outcome send(MemorySegment buffer, long offset, int length, int segmentSize, UdpEndpoint to) {
                byte[] bytes = buffer.asSlice(offset, length).toArray(ValueLayout.JAVA_BYTE);
                other().wire.arrived.add(new Train(bytes, segmentSize));
                return Outcome.SENT;
            }

            @Override
            public int receive(int queue, MemorySegment buffer, long offset, int capacity, Arrival arrival) {
                Train train = arrived.poll();
                if (train == null) {
                    return -1;
                }
                IpAddress from = other().endpoint.address();
                arrival.set(from.family(), from.high(), from.low(), PORT, PORT, train.segmentSize);
                int length = Math.min(capacity, train.bytes.length);
                MemorySegment.copy(train.bytes, 0, buffer, ValueLayout.JAVA_BYTE, offset, length);
                return length;
            }

            @Override
            public void await(int queue, int timeoutMillis) {}

            @Override
            public UdpPort reopen(List<Integer> listenPorts) {
                return this;
            }

            @Override
            public void wake() {}

            @Override
            public void close() {}
        }
    }

    private record Loops(PathState state, EgressLoop egress, IngressLoop ingress) {}

    private static final class Train {
        private final byte[] bytes;
        private final int segmentSize;

        Train(byte[] bytes, int segmentSize) {
            this.bytes = bytes;
            this.segmentSize = segmentSize;
        }
    }
}
