// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.runtime.Build;
import dev.hawser.runtime.Check;
import dev.hawser.runtime.HealthServer;
import dev.hawser.runtime.Launch;
import dev.hawser.runtime.OldGeneration;
import dev.hawser.runtime.ProcessMetrics;
import dev.hawser.runtime.Settings;
import dev.hawser.runtime.SettingsException;
import dev.hawser.runtime.Termination;
import dev.hawser.tunnel.capture.Capture;
import dev.hawser.tunnel.crypto.AeadProvider;
import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.Curve25519;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.crypto.provider.AeadChoice;
import dev.hawser.tunnel.crypto.provider.AeadProviders;
import dev.hawser.tunnel.crypto.provider.Curves;
import dev.hawser.tunnel.engine.EngineParts;
import dev.hawser.tunnel.engine.TunnelEngine;
import dev.hawser.tunnel.kube.Checkpoint;
import dev.hawser.tunnel.kube.CheckpointFile;
import dev.hawser.tunnel.kube.GatewayObjects;
import dev.hawser.tunnel.kube.ObjectNames;
import dev.hawser.tunnel.linux.ColdPages;
import dev.hawser.tunnel.linux.KernelProbePort;
import dev.hawser.tunnel.linux.LinuxPacketDevice;
import dev.hawser.tunnel.linux.LinuxUdpPort;
import dev.hawser.tunnel.node.Commands;
import dev.hawser.tunnel.node.HostRoutes;
import dev.hawser.tunnel.node.NodePlumbing;
import dev.hawser.tunnel.node.SystemCommands;
import dev.hawser.tunnel.port.PacketDevice;
import dev.hawser.tunnel.session.InitiationClock;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The gateway: one process that owns the tunnel of a cluster for all its peers. */
public final class GatewayMain {
    private static final Logger LOG = LoggerFactory.getLogger(GatewayMain.class);
    private static final String DEVICE = "hawser0";
    // An outer packet of 1500 bytes less IPv6, UDP and WireGuard headers (40 + 8 + 32) leaves 1420; of these, the
    // greatest multiple of ChaCha20's block of 64 bytes. OpenSSL seals and opens 1420 bytes 12 % slower than 1408.
    static final int MTU = 1408;
    // A plan takes a few tenths of a second; the API server may be asked beside one that takes longer.
    private static final Duration FIRST_PLAN = Duration.ofSeconds(2);
    // A peer that is there has answered long before; the client for the API server wants the processor meanwhile.
    private static final Duration FIRST_SESSION = Duration.ofMillis(300);
    private static final Duration COLD_PAGES = Duration.ofSeconds(5);
    // What a gateway takes for itself on a large node; more is for those who have measured that they need it.
    private static final int QUEUES = 4;
    private static final int MOST_QUEUES = 16;
    private static final int MINUTE = 12;
    private static final int STARTED = 3;

    /** What native libraries are asked for. */
    private record Ciphers(AeadProvider aead, Curve25519 curve) {}

    private GatewayMain() {}

    /** Runs until SIGTERM or SIGINT. */
    public static void main(String[] arguments) {
        Launch.run("gateway", (settings, termination) -> {
            Optional<Capture> capture = CaptureOption.begin(List.of(arguments), settings);
            capture.ifPresent(running -> termination.onStop("capture", running));
            start(
                    settings,
                    termination,
                    () -> watched(LinuxPacketDevice.open(DEVICE, MTU, queues(settings)), capture),
                    aead -> capture.map(running -> running.around(aead)).orElse(aead),
                    new SystemCommands());
        });
    }

    /** Each has two threads, so there is one for every two processors. */
    private static int queues(Settings settings) {
        int processors = Runtime.getRuntime().availableProcessors();
        int queues = settings.number("HAWSER_QUEUES", Math.clamp(processors / 2, 1, QUEUES), 1, MOST_QUEUES);
        LOG.info("queues for packets: {}, on {} processors", queues, processors);
        return queues;
    }

    private static List<PacketDevice> watched(List<PacketDevice> queues, Optional<Capture> capture) {
        return capture.map(running -> queues.stream().map(running::around).toList())
                .orElse(queues);
    }

    /**
     * Starts on any device and any node.
     *
     * @param opener is called once; the queues of the device that it gives are closed at the end
     * @param watcher is given the AEAD that was chosen, and gives what is used
     */
    static void start(
            Settings settings,
            Termination termination,
            Supplier<List<PacketDevice>> opener,
            UnaryOperator<AeadProvider> watcher,
            Commands commands)
            throws InterruptedException {
        CheckpointFile checkpoints = new CheckpointFile(
                settings.text("HAWSER_CHECKPOINT").map(Path::of),
                Build.current().id());
        // Calls into native libraries take as long to be made ready as everything else before the first packet.
        CompletableFuture<Ciphers> ciphers = CompletableFuture.supplyAsync(
                () -> new Ciphers(watcher.apply(aead(settings)), Curves.choose()),
                task -> Thread.ofPlatform().daemon().name("hawser-aead").start(task));
        Optional<Checkpoint> before = checkpoints.read();
        List<PacketDevice> devices = open(opener, ciphers);
        termination.onStop("device", () -> devices.forEach(PacketDevice::close));
        NodePlumbing node = new NodePlumbing(DEVICE, MTU, commands);
        ControlLoop control = new ControlLoop(node);
        AtomicReference<Optional<GatewayObjects>> opened = new AtomicReference<>(Optional.empty());
        termination.onStop("tunnel", control::closeTunnel);
        // Closed in reverse order: status and plans, then the node, while the device still stands; only then what may
        // wait for an API server that is gone.
        termination.onStop("objects", () -> opened.get().ifPresent(GatewayObjects::close));
        termination.onStop("node", node);
        termination.onStop("plans", control);
        control.start(
                () -> opened.get().map(GatewayObjects::plan).orElseGet(() -> before.map(Checkpoint::plan)),
                config -> TunnelEngine.start(parts(devices, ciphers.join(), timestamp(opened.get(), before)), config));
        if (before.isPresent()) {
            control.wake();
            control.awaitTunnel(FIRST_PLAN, FIRST_SESSION);
        }
        GatewayObjects objects = GatewayObjects.open(names(settings), MTU, before, checkpoints, control::wake);
        opened.set(Optional.of(objects));
        report(settings, termination, control, objects, node, new HostRoutes(DEVICE, commands));
        chosen(ciphers);
        Thread.ofPlatform().daemon().name("hawser-cold-pages").start(GatewayMain::giveBack);
    }

    /**
     * What the start, and later the compilers, have read of mapped files; and what they have left in the heap, after the start,
     * after a minute, and whenever it has grown: a gateway at work makes little garbage, so nothing else would look through the
     * old generation.
     */
    private static void giveBack() {
        try {
            OldGeneration generation = new OldGeneration();
            for (int round = 1; ; round++) {
                Thread.sleep(COLD_PAGES);
                if (round == STARTED || round == MINUTE) {
                    System.gc();
                } else {
                    generation.collectIfGrown();
                }
                LOG.debug("let go of {} bytes of mapped files", ColdPages.release());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static List<PacketDevice> open(Supplier<List<PacketDevice>> opener, CompletableFuture<Ciphers> ciphers) {
        try {
            return opener.get();
        } catch (RuntimeException e) {
            // Who has to mount a device should hear at the same time whether there is a cipher.
            chosen(ciphers);
            throw e;
        }
    }

    private static ObjectNames names(Settings settings) {
        return new ObjectNames(
                settings.text("HAWSER_NAMESPACE", "hawser"),
                settings.text("HAWSER_NODE_NAMESPACE", "hawser-node"),
                settings.text("HAWSER_CLUSTER_GATEWAY", "this"),
                settings.text("HAWSER_POD_NAME", settings.text("HOSTNAME", "gateway")));
    }

    private static Optional<Tai64n> timestamp(Optional<GatewayObjects> objects, Optional<Checkpoint> before) {
        return objects.map(GatewayObjects::timestamp).orElseGet(() -> before.flatMap(Checkpoint::timestamp));
    }

    /** What people, programs and objects are told. */
    private static void report(
            Settings settings,
            Termination termination,
            ControlLoop control,
            GatewayObjects objects,
            NodePlumbing node,
            HostRoutes routes) {
        StatusLoop status = termination.onStop("status", new StatusLoop(control, objects, routes));
        status.start();
        termination.onStop("wg socket", ControlSocket.open(settings, DEVICE, control::engine));
        var registry = ProcessMetrics.registry();
        GatewayMetrics metrics = new GatewayMetrics(registry);
        termination.onStop(
                "health",
                HealthServer.start(
                        settings.address("HAWSER_HEALTH_ADDRESS", "127.0.0.1:9101"),
                        () -> metrics.scrape(
                                control.tunnelStatus(),
                                control.engine().map(TunnelEngine::roundTrips).orElse(Map.of())),
                        () -> readiness(objects, node, control)));
    }

    /** Ends the start with what is wrong with the wish for a cipher. */
    private static void chosen(CompletableFuture<Ciphers> ciphers) {
        try {
            ciphers.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof SettingsException wish ? wish : e;
        }
    }

    private static AeadProvider aead(Settings settings) {
        try {
            AeadChoice choice = AeadProviders.choose(settings.text("HAWSER_AEAD", AeadProviders.AUTO));
            choice.rejections().forEach(reason -> LOG.info("cipher not used: {}", reason));
            LOG.info("cipher implementation: {}", choice.provider().name());
            return choice.provider();
        } catch (CryptoException e) {
            throw new SettingsException("HAWSER_AEAD: " + e.getMessage());
        }
    }

    private static EngineParts parts(List<PacketDevice> devices, Ciphers ciphers, Optional<Tai64n> timestamp) {
        return new EngineParts(
                devices,
                LinuxUdpPort::open,
                KernelProbePort::open,
                ciphers.aead(),
                ciphers.curve(),
                new SecureRandom(),
                System::nanoTime,
                new InitiationClock(Instant.now(), System.nanoTime(), timestamp),
                GatewayMain::end);
    }

    /**
     * A dead packet loop cannot be mended from inside; whoever started the process starts it again. Nothing is cleaned up:
     * as after a kill, rules and refusing routes stay for the next start, so that no packet leaks in between.
     */
    private static void end(Throwable failure) {
        Runtime.getRuntime().halt(1);
    }

    private static List<Check> readiness(GatewayObjects objects, NodePlumbing node, ControlLoop control) {
        return List.of(
                Check.pass("device", DEVICE + " is open"),
                objects.synced()
                        ? Check.pass("objects", "all kinds are listed and followed")
                        : Check.fail("objects", "not all kinds are listed yet; is the API server reachable?"),
                check("keys", objects.keyProblem(), "the key pair is known"),
                check("node", node.problem(), "rules, addresses and routes are in place"),
                check("plan", control.problem(), "the newest plan is in force"));
    }

    private static Check check(String name, Optional<String> problem, String otherwise) {
        return problem.map(reason -> Check.fail(name, reason)).orElseGet(() -> Check.pass(name, otherwise));
    }
}
