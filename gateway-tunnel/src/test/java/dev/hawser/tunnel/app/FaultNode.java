// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.lab.net.Host;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.crypto.provider.AeadProviders;
import dev.hawser.tunnel.crypto.provider.Curves;
import dev.hawser.tunnel.engine.EngineParts;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.engine.PeerStatus;
import dev.hawser.tunnel.engine.TunnelConfig;
import dev.hawser.tunnel.engine.TunnelEngine;
import dev.hawser.tunnel.kube.GatewayPlan;
import dev.hawser.tunnel.linux.KernelProbePort;
import dev.hawser.tunnel.linux.LinuxPacketDevice;
import dev.hawser.tunnel.linux.LinuxUdpPort;
import dev.hawser.tunnel.node.NodeNetwork;
import dev.hawser.tunnel.node.NodePlumbing;
import dev.hawser.tunnel.node.SystemCommands;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.session.InitiationClock;
import dev.hawser.tunnel.session.StaticKeys;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node with a gateway that does all a gateway does but for the API server: plans, patrols of the node, tunnel, probes. It can
 * be killed, and it is started again when it dies, as a kubelet would. One thread drives it.
 */
final class FaultNode {
    static final String POD_CIDR = "10.200.0.0/16";
    static final String EXTERNAL_CIDR = "10.70.0.0/16";
    static final String POD_CIDR6 = "fd00:10:200::/64";
    static final String EXTERNAL_CIDR6 = "fd00:10:70::/112";
    static final String DEVICE = "hawser0";
    static final int PORT = 51_820;

    private static final int MTU = GatewayMain.MTU;
    private static final long KUBELET_MILLIS = 1_000;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Host host;
    private final String peer;
    private final PrivateKey key = PrivateKey.generate(RANDOM);
    private final AtomicInteger deaths = new AtomicInteger();
    private final CountDownLatch over = new CountDownLatch(1);
    private volatile Optional<GatewayPlan> plan = Optional.empty();
    private volatile Duration clockError = Duration.ZERO;
    private volatile boolean supervised;
    private @Nullable Running running;

    /** One life of the process. */
    private record Running(ControlLoop loop, NodePlumbing plumbing) {}

    /** @param peer the cluster ID of the other one */
    FaultNode(Host host, String peer) {
        this.host = host;
        this.peer = peer;
    }

    Host host() {
        return host;
    }

    PrivateKey key() {
        return key;
    }

    /** How often the gateway died by itself. */
    int deaths() {
        return deaths.get();
    }

    /** What the objects ask for from now on. */
    void configure(PeerConfig config) {
        LocalSide local = new LocalSide(
                List.of(Cidr.parse(POD_CIDR), Cidr.parse(POD_CIDR6)),
                List.of(Cidr.parse(EXTERNAL_CIDR), Cidr.parse(EXTERNAL_CIDR6)),
                List.of());
        List<Cidr> remapped = Stream.concat(config.podRanges().stream(), config.externalRanges().stream())
                .map(remap -> remap.to())
                .toList();
        plan = Optional.of(new GatewayPlan(
                Optional.of(new TunnelConfig(StaticKeys.only(key), List.of(PORT), local, List.of(config))),
                new NodeNetwork(MTU, local.gatewayAddresses(), local.podCidrs(), remapped, List.of()),
                List.of(),
                List.of(),
                Set.of()));
        Running now = running;
        if (now != null) {
            now.loop().wake();
        }
    }

    /** What the wall clock is wrong by when the gateway starts the next time. */
    void clockError(Duration error) {
        clockError = error;
    }

    synchronized void start() {
        supervised = true;
        try {
            running = host.call(() -> launch(Optional.empty()));
        } catch (Exception e) {
            throw new AssertionError("no gateway on " + host, e);
        }
    }

    private Running launch(Optional<Tai64n> kept) {
        List<PacketDevice> device = LinuxPacketDevice.open(DEVICE, MTU, 1);
        NodePlumbing plumbing = new NodePlumbing(DEVICE, MTU, new SystemCommands());
        ControlLoop loop = new ControlLoop(plumbing);
        loop.start(
                () -> plan,
                config -> TunnelEngine.start(
                        new EngineParts(
                                device,
                                LinuxUdpPort::open,
                                KernelProbePort::open,
                                AeadProviders.choose(AeadProviders.AUTO).provider(),
                                Curves.choose(),
                                RANDOM,
                                System::nanoTime,
                                new InitiationClock(Instant.now().plus(clockError), System.nanoTime(), kept),
                                failure -> died()),
                        config));
        return new Running(loop, plumbing);
    }

    private void died() {
        deaths.incrementAndGet();
        Thread.ofPlatform().daemon().name("kubelet-" + host.name()).start(() -> {
            try {
                if (!over.await(KUBELET_MILLIS, TimeUnit.MILLISECONDS) && supervised) {
                    restart();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    /** Ends it as {@code kill -9} does: nothing is said to anybody, and the node stays as it is. */
    synchronized Optional<Tai64n> kill() {
        Running now = running;
        running = null;
        if (now == null) {
            return Optional.empty();
        }
        Optional<Tai64n> last = now.loop().tunnelStatus().lastInitiation();
        now.loop().close();
        now.loop().closeTunnel();
        return last;
    }

    /** Kills it and starts it again, with what the Secret would have kept. */
    synchronized void restart() {
        restart(kill());
    }

    synchronized void restart(Optional<Tai64n> last) {
        try {
            running = host.call(() -> launch(last.map(label -> label.plusSeconds(240))));
        } catch (Exception e) {
            throw new AssertionError("no gateway on " + host, e);
        }
    }

    /** Ends it in order; the node is as it was before. */
    synchronized void stop() {
        supervised = false;
        over.countDown();
        Running now = running;
        running = null;
        if (now != null) {
            now.loop().close();
            try {
                host.call(() -> {
                    now.plumbing().close();
                    return 0;
                });
            } catch (Exception e) {
                throw new AssertionError("the node " + host + " was not cleaned up", e);
            }
            now.loop().closeTunnel();
        }
    }

    /** What it would write into the Connection of its peer; nothing while it is dead. */
    Optional<PeerStatus> status() {
        Running now = running;
        return now == null
                ? Optional.empty()
                : now.loop().tunnelStatus().peers().stream()
                        .filter(status -> status.id().equals(peer))
                        .findFirst();
    }

    /** All of the kernel's that is a gateway's: tables of rules, routes with its number, its device. */
    String kernelState() {
        return host.run("nft", "list", "ruleset").stdout()
                + host.run("ip", "route", "show", "table", "all", "proto", "72").stdout()
                + host.run("ip", "-6", "route", "show", "table", "all", "proto", "72")
                        .stdout()
                + host.run("ip", "-o", "link", "show").stdout().replaceAll("(?m)^\\d+: (\\w+).*", "$1");
    }
}
