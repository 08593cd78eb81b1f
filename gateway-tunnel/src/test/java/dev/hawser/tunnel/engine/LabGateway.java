// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.lab.net.Host;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.provider.AeadProviders;
import dev.hawser.tunnel.crypto.provider.Curves;
import dev.hawser.tunnel.linux.KernelProbePort;
import dev.hawser.tunnel.linux.LinuxPacketDevice;
import dev.hawser.tunnel.linux.LinuxUdpPort;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.session.InitiationClock;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An engine in this JVM on a host of a laboratory: its device and sockets are opened there. */
final class LabGateway implements AutoCloseable {
    static final String DEVICE = "hawser0";
    static final int PORT = 51_820;

    private static final int MTU = 1420;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Host host;
    /** Of its device's queues. */
    private final int count;

    private final PrivateKey key = PrivateKey.generate(RANDOM);
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private @Nullable TunnelConfig first;
    private @Nullable TunnelEngine engine;

    LabGateway(Host host) {
        this(host, 1);
    }

    LabGateway(Host host, int count) {
        this.host = host;
        this.count = count;
    }

    Host host() {
        return host;
    }

    PrivateKey key() {
        return key;
    }

    /** Brings the device up and starts the engine; addresses and routes are the test's. */
    void start(TunnelConfig config) throws Exception {
        first = config;
        List<PacketDevice> queues = host.call(() -> LinuxPacketDevice.open(DEVICE, MTU, count));
        host.run("ip", "link", "set", DEVICE, "mtu", String.valueOf(MTU), "up");
        engine = host.call(() -> TunnelEngine.start(
                new EngineParts(
                        queues,
                        LinuxUdpPort::open,
                        KernelProbePort::open,
                        AeadProviders.choose(AeadProviders.AUTO).provider(),
                        Curves.choose(),
                        RANDOM,
                        System::nanoTime,
                        new InitiationClock(Instant.now(), System.nanoTime(), Optional.empty()),
                        failure::set),
                config));
    }

    /**
     * Starts one of two clusters with the same ranges, whose pod is 10.200.0.5, with addresses and routes.
     *
     * @param peerPods the first two numbers of what the other's pods are called here
     */
    void startBeside(LabGateway peer, String peerPods, List<UdpEndpoint> endpoints) throws Exception {
        PeerConfig config = SameRanges.peer(
                peer.host().name(), peer.key().publicKey(), endpoints, peerPods + ".0.0/16", "10.81.0.0/16");
        start(SameRanges.config(key, PORT, config));
        host.address("lo", "10.200.0.5/32");
        host.address(DEVICE, "10.70.0.1/32");
        host.run("ip", "route", "add", peerPods + ".0.0/16", "dev", DEVICE, "src", "10.200.0.5");
        host.run("ip", "route", "add", "10.81.0.0/16", "dev", DEVICE, "src", "10.70.0.1");
    }

    /** What it was started with. */
    TunnelConfig config() {
        return Objects.requireNonNull(first);
    }

    void apply(TunnelConfig config) {
        engine().apply(config);
    }

    PeerStatus peer(String id) {
        return engine().status().peers().stream()
                .filter(peer -> peer.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Waits until a peer is in a phase and returns how long that took. */
    Duration awaitPhase(String id, PeerStatus.Phase phase, Duration limit) {
        return await(() -> peer(id).phase() == phase, limit, () -> host + " sees " + peer(id));
    }

    TunnelEngine engine() {
        TunnelEngine started = engine;
        if (started == null) {
            throw new IllegalStateException("start the gateway first");
        }
        return started;
    }

    static Duration await(BooleanSupplier condition, Duration limit, Supplier<String> otherwise) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > limit.toNanos()) {
                throw new AssertionError("not within " + limit + ": " + otherwise.get());
            }
            LockSupport.parkNanos(20_000_000);
        }
        return Duration.ofNanos(System.nanoTime() - start);
    }

    @Override
    public void close() {
        TunnelEngine started = engine;
        if (started != null) {
            started.close();
        }
        Throwable died = failure.get();
        if (died != null) {
            throw new AssertionError("a loop on " + host + " died", died);
        }
    }
}
