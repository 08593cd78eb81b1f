// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.path.PathSnapshot;
import dev.hawser.tunnel.path.PathState;
import dev.hawser.tunnel.path.PeerLane;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.port.UdpPort;
import dev.hawser.tunnel.probe.RoundTrips;
import dev.hawser.tunnel.route.PeerRanges;
import dev.hawser.tunnel.route.Routes;
import dev.hawser.tunnel.session.DevicePorts;
import dev.hawser.tunnel.session.PeerSession;
import dev.hawser.tunnel.session.SessionEvents;
import dev.hawser.tunnel.session.TransportSession;
import dev.hawser.tunnel.session.WireGuardDevice;
import dev.hawser.tunnel.uapi.DeviceView;
import dev.hawser.tunnel.uapi.UapiDevice;
import dev.hawser.tunnel.wire.Transport;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running tunnel: two packet threads for each queue, one control thread, and the sockets between them.
 *
 * <p><b>Threads:</b> every public method may be called from any thread; {@link #apply} waits until the configuration is in force.
 * Everything is opened in the network namespace of the thread that calls {@link #start}.
 */
public final class TunnelEngine implements UapiDevice, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TunnelEngine.class);
    private static final long LONGEST_DATAGRAM = 65_535;
    private static final int JOIN_MILLIS = 2_000;
    private static final long RENEWAL_SPACING = Duration.ofSeconds(5).toNanos();

    private final EngineParts parts;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment outgoing = arena.allocate(LONGEST_DATAGRAM);
    private final WireGuardDevice device;
    private final PeerTable peers;
    private final PathState state;
    private final PacketLoops loops;
    private final ControlThread control;
    private final Probing probing;
    private final Detours detours = new Detours();
    private final List<Thread> threads = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final CountDownLatch firstSession = new CountDownLatch(1);
    private UdpPort udp;
    private List<Integer> wishedPorts = List.of();
    private volatile Applied applied = Applied.NOTHING;
    private volatile Map<String, ProbeReport> health = Map.of();
    private volatile Map<String, Integer> pathMtus = Map.of();
    private volatile Runnable onPathChange = () -> {};
    private volatile Runnable onPhaseChange = () -> {};

    private TunnelEngine(EngineParts parts, TunnelConfig first) {
        this.parts = parts;
        this.udp = new NoUdpPort(parts.udp(), parts.queues());
        this.control = new ControlThread(parts.clock(), this::tick);
        this.device = new WireGuardDevice(
                new DevicePorts(
                        parts.aead(), parts.curve(), parts.random(), this::sendControl, new Listener(), parts.queues()),
                parts.initiations(),
                first.keys());
        this.peers = new PeerTable(device, parts.queues());
        this.state = new PathState(new PathSnapshot(Routes.none(), udp, Map.of()), parts.queues());
        this.loops = new PacketLoops(parts, state, device.sessions(), this::receiveControl, arena);
        this.probing = new Probing(parts, control, this::sendWhole);
    }

    /**
     * Starts a tunnel.
     *
     * @param parts what it is built from
     * @param first its first configuration
     * @throws RuntimeException of the adapters, when the listen ports cannot be opened; nothing stays open but the device
     */
    public static TunnelEngine start(EngineParts parts, TunnelConfig first) {
        TunnelEngine engine = new TunnelEngine(parts, first);
        engine.loops.byThread().forEach(engine::startThread);
        engine.startThread("hawser-control", engine.control);
        try {
            engine.apply(first);
        } catch (RuntimeException failure) {
            engine.stopThreads();
            throw failure;
        }
        return engine;
    }

    private void startThread(String name, Runnable loop) {
        threads.add(Thread.ofPlatform()
                .daemon()
                .name(name)
                .uncaughtExceptionHandler((thread, failure) -> {
                    LOG.error("{} has died; the gateway must be started again", thread.getName(), failure);
                    parts.onFailure().accept(failure);
                })
                .start(loop));
    }

    /**
     * Puts a configuration in force as a whole. Sessions, counters and health of peers that stay are kept; applying the same again
     * changes nothing.
     *
     * @throws RuntimeException of the adapters, when new listen ports cannot be opened; the old ones are served on
     */
    public void apply(TunnelConfig config) {
        control.call(() -> applyNow(config));
    }

    private void applyNow(TunnelConfig config) {
        if (!config.listenPorts().equals(wishedPorts)) {
            changePorts(config.listenPorts());
        }
        device.identify(config.keys());
        Routes routes = Routes.compile(
                config.local(),
                config.peers().stream().map(TunnelEngine::ranges).toList());
        peers.prepare(config.peers());
        state.publish(new PathSnapshot(routes, udp, peers.lanes()));
        peers.removeStale();
        probing.configure(config, parts.clock().getAsLong());
        Map<String, String> problems = new TreeMap<>(peers.problems());
        routes.problems().peers().forEach((id, text) -> problems.merge(id, text, (one, other) -> one + "; " + other));
        applied = new Applied(
                Optional.of(config), peers.lanes(), problems, routes.problems().exposures(), udp.localPorts());
    }

    private static PeerRanges ranges(PeerConfig peer) {
        List<Remap> all = new ArrayList<>(peer.podRanges());
        all.addAll(peer.externalRanges());
        return new PeerRanges(peer.id(), all);
    }

    /**
     * Ports that stay lose nothing. The old sockets are closed only after all loops have let go of them, because the numbers of
     * closed descriptors are given out again.
     */
    private void changePorts(List<Integer> wished) {
        UdpPort old = udp;
        udp = old.reopen(wished);
        wishedPorts = wished;
        state.publish(state.published().with(udp));
        while (!state.isSettled()) {
            parts.wakeDevices();
            old.wake();
            LockSupport.parkNanos(1_000_000);
        }
        old.close();
        LOG.info("listening on UDP {}", udp.localPorts());
    }

    /** Waits for the first session with a peer, if any has an endpoint; returns false if that takes longer than the limit. */
    public boolean awaitFirstSession(Duration limit) throws InterruptedException {
        boolean dialling = applied.config().stream()
                .flatMap(config -> config.peers().stream())
                .anyMatch(peer -> !peer.endpoints().isEmpty());
        return !dialling || firstSession.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The present state. */
    public TunnelStatus status() {
        Applied now = applied;
        long nanos = parts.clock().getAsLong();
        List<PeerStatus> statuses = new ArrayList<>();
        Set<PublicKey> keysInUse = new HashSet<>();
        for (PeerLane lane : now.lanes().values()) {
            statuses.add(StatusView.of(lane, now.peerProblems().get(lane.id()), health.get(lane.id()), nanos));
            Optional.ofNullable(lane.sending(nanos)).ifPresent(session -> keysInUse.add(session.ownKey()));
        }
        return new TunnelStatus(
                now.listenPorts(),
                statuses,
                keysInUse,
                parts.initiations().last(),
                loops.drops(),
                device.drops().snapshot(),
                now.exposureProblems(),
                parts.aead().name(),
                loops.use());
    }

    @Override
    public Optional<DeviceView> view() {
        Applied now = applied;
        WireGuardView view = new WireGuardView(parts.clock().getAsLong(), Instant.now());
        return now.config().map(config -> view.of(config, now.lanes(), now.listenPorts()));
    }

    @Override
    public boolean move(PublicKey peer, UdpEndpoint to) {
        AtomicBoolean known = new AtomicBoolean();
        control.call(() -> device.peer(peer).ifPresent(session -> {
            session.redirect(to);
            known.set(true);
        }));
        return known.get();
    }

    private void tick() {
        long now = parts.clock().getAsLong();
        Map<String, PeerLane> lanes = peers.lanes();
        lanes.values().forEach(lane -> lane.settle(now));
        device.tick(now);
        probing.tick(lanes, now).forEach(lane -> lane.sessions().forEach(session -> renew(session, now)));
        tellHealth(probing.reports(now));
        detours.consider(lanes, health, now);
        tellPaths();
    }

    private void tellHealth(Map<String, ProbeReport> reports) {
        Map<String, ProbeReport> before = health;
        health = reports;
        boolean changed = reports.entrySet().stream().anyMatch(entry -> {
            ProbeReport last = before.get(entry.getKey());
            return last == null
                    || last.health().state() != entry.getValue().health().state();
        });
        if (changed) {
            onPhaseChange.run();
        }
    }

    private void tellPaths() {
        Map<String, Integer> found = new TreeMap<>();
        health.forEach((id, report) -> report.pathMtu().ifPresent(mtu -> found.put(id, mtu)));
        if (!found.equals(pathMtus)) {
            Map<String, Integer> before = pathMtus;
            pathMtus = Map.copyOf(found);
            found.forEach((id, mtu) -> {
                if (!mtu.equals(before.get(id))) {
                    LOG.info("the path to peer {} takes packets of {} bytes", id, mtu);
                }
            });
            onPathChange.run();
        }
    }

    /** Every round trip of the probes to each peer, by cluster ID. */
    public Map<String, RoundTrips> roundTrips() {
        return probing.roundTrips();
    }

    /** The largest inner packet that reaches each peer in one piece, by cluster ID, as far as it is known. */
    public Map<String, Integer> pathMtus() {
        return pathMtus;
    }

    /** Calls this on the control thread, which it must not hold up, whenever {@link #pathMtus} changes. */
    public void onPathChange(Runnable listener) {
        onPathChange = listener;
    }

    /** Calls this on the control thread, which it must not hold up, whenever a peer is connected, degraded or lost anew. */
    public void onPhaseChange(Runnable listener) {
        onPhaseChange = listener;
    }

    /** A session that has just been made gets the chance to carry a probe before it is replaced. */
    private static void renew(PeerSession session, long now) {
        OptionalLong last = session.lastHandshakeNanos();
        if (last.isEmpty() || now - last.getAsLong() >= RENEWAL_SPACING) {
            session.requestHandshake();
        }
    }

    private boolean receiveControl(byte[] datagram, UdpEndpoint from) {
        return control.offerMessage(() -> {
            long now = parts.clock().getAsLong();
            if (control.isUnderLoad()) {
                device.load(now);
            }
            device.receive(datagram, from, now);
        });
    }

    private void sendControl(UdpEndpoint to, byte[] datagram) {
        MemorySegment.copy(datagram, 0, outgoing, ValueLayout.JAVA_BYTE, 0, datagram.length);
        UdpPort.Outcome outcome = udp.send(outgoing, 0, datagram.length, 0, to);
        if (outcome != UdpPort.Outcome.SENT) {
            LOG.debug("handshake message to {} not sent: {}", to, outcome);
        }
    }

    private UdpPort.Outcome sendWhole(TransportSession session, byte[] packet) {
        UdpEndpoint to = session.peer().endpoint();
        int padded = Transport.paddedLength(packet.length, parts.mtu());
        outgoing.asSlice(Transport.HEADER, padded).fill((byte) 0);
        MemorySegment.copy(packet, 0, outgoing, ValueLayout.JAVA_BYTE, Transport.HEADER, packet.length);
        int datagram = session.sealAside(outgoing, Transport.HEADER, padded, outgoing, 0);
        return to == null || datagram == TransportSession.UNUSABLE
                ? UdpPort.Outcome.UNREACHABLE
                : udp.sendWhole(outgoing, 0, datagram, to);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            stopThreads();
            parts.devices().forEach(PacketDevice::close);
        }
    }

    private void stopThreads() {
        loops.stop();
        control.stop();
        boolean ended = true;
        for (Thread thread : threads) {
            try {
                thread.join(JOIN_MILLIS);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            ended &= !thread.isAlive();
        }
        probing.close();
        device.close();
        udp.close();
        if (ended) {
            arena.close();
        }
    }

    /** Passes on what sessions tell to the threads that care. */
    private final class Listener implements SessionEvents {
        /** A thousand peers that ask at once are served by one tick. */
        private final AtomicBoolean tickAsked = new AtomicBoolean();

        @Override
        public void established(PeerSession peer, long now) {
            LOG.info("session with peer {} at {}", peer.settings().name(), peer.endpoint());
            parts.wakeDevices();
            firstSession.countDown();
        }

        @Override
        public void handshakeWanted(PeerSession peer) {
            if (tickAsked.compareAndSet(false, true) && !control.offer(this::tick)) {
                tickAsked.set(false);
            }
        }

        private void tick() {
            tickAsked.set(false);
            device.tick(parts.clock().getAsLong());
        }

        @Override
        public void moved(PeerSession peer, UdpEndpoint endpoint) {
            LOG.info("peer {} is at {} now", peer.settings().name(), endpoint);
        }
    }
}
