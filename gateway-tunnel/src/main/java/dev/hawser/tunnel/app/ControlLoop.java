// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.engine.TunnelConfig;
import dev.hawser.tunnel.engine.TunnelEngine;
import dev.hawser.tunnel.engine.TunnelStatus;
import dev.hawser.tunnel.kube.GatewayPlan;
import dev.hawser.tunnel.node.NodeNetwork;
import dev.hawser.tunnel.node.NodePlumbing;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the newest plan: first the node, then what the tunnel carries; and looks after the node every two seconds. What
 * fails is told by {@link #problem} and tried again. One thread of its own; everything public here is safe for any.
 */
final class ControlLoop implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ControlLoop.class);
    private static final Duration PATROL = Duration.ofSeconds(2);
    private static final TunnelStatus NO_TUNNEL = new TunnelStatus(
            List.of(), List.of(), Set.of(), Optional.empty(), Map.of(), Map.of(), List.of(), "none", List.of());

    private final NodePlumbing node;
    private final Semaphore wakeups = new Semaphore(1);
    private volatile Optional<TunnelEngine> engine = Optional.empty();
    private volatile Optional<GatewayPlan> applied = Optional.empty();
    private volatile Optional<String> problem = Optional.of("no plan yet");
    private volatile boolean stopped;
    private volatile Runnable onNews = () -> {};
    private Optional<Thread> thread = Optional.empty();
    private final CountDownLatch firstPlan = new CountDownLatch(1);
    private final Set<String> told = new HashSet<>();
    private long patrolledAt = System.nanoTime();
    private NodeNetwork network = NodeNetwork.empty(0);

    ControlLoop(NodePlumbing node) {
        this.node = node;
    }

    /**
     * Begins to carry out plans. Both functions are called on this loop's thread.
     *
     * @param plans gives the newest one
     * @param starter starts the tunnel with its first configuration, which needs a key that may be long in coming
     */
    void start(Supplier<Optional<GatewayPlan>> plans, Function<TunnelConfig, TunnelEngine> starter) {
        thread = Optional.of(Thread.ofPlatform().daemon().name("hawser-plans").start(() -> run(plans, starter)));
    }

    /** Calls this, which must return at once, whenever there is something new to say of the plan in force or of its peers. */
    void onNews(Runnable listener) {
        onNews = listener;
    }

    /**
     * Waits until the first plan was carried out or failed, and then for a session with a peer.
     *
     * @param plan longest time to wait for the plan
     * @param session longest time to wait for the session
     */
    void awaitTunnel(Duration plan, Duration session) throws InterruptedException {
        boolean done = firstPlan.await(plan.toMillis(), TimeUnit.MILLISECONDS);
        Optional<TunnelEngine> running = engine;
        if (done && running.isPresent()) {
            var _ = running.get().awaitFirstSession(session);
        }
    }

    /** Makes the loop look for a new plan at once. */
    void wake() {
        wakeups.release();
    }

    /** The plan in force; nothing before the first. */
    Optional<GatewayPlan> applied() {
        return applied;
    }

    /** The tunnel; nothing before the first plan with a key. */
    Optional<TunnelEngine> engine() {
        return engine;
    }

    /** The tunnel's, and for peers whose packets the node keeps from it, why. */
    TunnelStatus tunnelStatus() {
        TunnelStatus status = engine.map(TunnelEngine::status).orElse(NO_TUNNEL);
        boolean broken = node.isBroken();
        Set<Cidr> unrouted = node.unrouted();
        if (!broken && unrouted.isEmpty()) {
            return status;
        }
        String reason = "probes return, but the node is not as it should be: "
                + node.problem().orElse("it is being repaired");
        List<PeerConfig> peers =
                applied.flatMap(GatewayPlan::tunnel).map(TunnelConfig::peers).orElse(List.of());
        Set<String> hindered = peers.stream()
                .filter(peer -> broken
                        || Stream.concat(peer.podRanges().stream(), peer.externalRanges().stream())
                                .map(Remap::to)
                                .anyMatch(unrouted::contains))
                .map(PeerConfig::id)
                .collect(Collectors.toSet());
        return status.with(status.peers().stream()
                .map(peer -> hindered.contains(peer.id()) ? peer.hindered(reason) : peer)
                .toList());
    }

    /** Why the newest plan is not in force; nothing if it is. */
    Optional<String> problem() {
        return problem;
    }

    private void run(Supplier<Optional<GatewayPlan>> plans, Function<TunnelConfig, TunnelEngine> starter) {
        while (!stopped) {
            try {
                boolean woken = wakeups.tryAcquire(PATROL.toMillis(), TimeUnit.MILLISECONDS);
                if (woken) {
                    wakeups.drainPermits();
                }
                step(plans.get(), starter);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                failed(e);
            }
        }
    }

    private void step(Optional<GatewayPlan> plan, Function<TunnelConfig, TunnelEngine> starter) {
        if (plan.isEmpty() || stopped) {
            return;
        }
        NodeNetwork wanted = withPaths(plan.get());
        if (plan.equals(applied)) {
            if (!wanted.equals(network)) {
                network = wanted;
                node.apply(wanted);
            } else if (System.nanoTime() - patrolledAt >= PATROL.toNanos()) {
                patrolledAt = System.nanoTime();
                node.repair();
            }
            return;
        }
        network = wanted;
        Optional<TunnelConfig> tunnel = plan.get().tunnel();
        if (engine.isEmpty() && tunnel.isPresent()) {
            beginBoth(plan.get(), wanted, tunnel.get(), starter);
        } else {
            node.apply(wanted);
        }
        tell(plan.get().problems());
        if (tunnel.isPresent()) {
            engine.orElseThrow().apply(tunnel.get());
            tell(tunnelStatus().exposureProblems());
            applied = plan;
        } else {
            applied = Optional.of(plan.get().waitingFor("waiting for the key pair of this gateway; see its log"));
        }
        problem = Optional.empty();
        firstPlan.countDown();
        onNews.run();
    }

    /** The node as planned, with routes that know what the paths of their peers take. */
    private NodeNetwork withPaths(GatewayPlan plan) {
        Map<String, Integer> found = engine.map(TunnelEngine::pathMtus).orElse(Map.of());
        List<PeerConfig> peers = plan.tunnel().map(TunnelConfig::peers).orElse(List.of());
        Map<IpAddress, Integer> narrow =
                PathMtus.hasNarrow(found) ? PathMtus.narrow(peers, found, endpoints()) : Map.of();
        return plan.node().with(PathMtus.byRange(peers, found, plan.node().mtu()), narrow);
    }

    private Map<String, UdpEndpoint> endpoints() {
        Map<String, UdpEndpoint> endpoints = new HashMap<>();
        engine.ifPresent(running -> running.status()
                .peers()
                .forEach(peer -> peer.endpoint().ifPresent(endpoint -> endpoints.put(peer.id(), endpoint))));
        return endpoints;
    }

    /** The tunnel beside the node: one makes calls into libraries ready, the other waits for programs. */
    private void beginBoth(
            GatewayPlan plan, NodeNetwork wanted, TunnelConfig config, Function<TunnelConfig, TunnelEngine> starter) {
        CompletableFuture<Void> plumbing = CompletableFuture.runAsync(
                () -> node.apply(wanted),
                task -> Thread.ofPlatform().daemon().name("hawser-node").start(task));
        try {
            shakeHands(plan, config, starter);
        } finally {
            finished(plumbing);
        }
    }

    private static void finished(CompletableFuture<Void> plumbing) {
        try {
            plumbing.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Starts a tunnel that carries nothing yet: peers answer while the node is prepared. */
    private void shakeHands(GatewayPlan plan, TunnelConfig config, Function<TunnelConfig, TunnelEngine> starter) {
        try {
            TunnelEngine started = starter.apply(config.withoutRanges());
            started.onPathChange(this::wake);
            started.onPhaseChange(() -> onNews.run());
            engine = Optional.of(started);
        } catch (RuntimeException e) {
            // Nothing runs yet that could be reported on: the Connections themselves say what is wrong.
            applied = Optional.of(plan.waitingFor("the tunnel cannot be started: " + e.getMessage()));
            throw e;
        }
    }

    /** Once per sentence: a plan is carried out again whenever anything in it changes. */
    private void tell(List<String> problems) {
        problems.stream().filter(told::add).forEach(text -> LOG.warn("left out: {}", text));
    }

    private void failed(RuntimeException failure) {
        firstPlan.countDown();
        Optional<String> now = Optional.of(String.valueOf(failure.getMessage()));
        if (!problem.equals(now)) {
            LOG.error("the plan could not be carried out and is tried again", failure);
        }
        problem = now;
    }

    /** Ends the loop; the tunnel goes on. */
    @Override
    public void close() {
        stopped = true;
        wake();
        try {
            if (thread.isPresent()) {
                thread.get().join(PATROL);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Ends the tunnel, if it was ever started; to be called after the loop has ended. */
    void closeTunnel() {
        engine.ifPresent(TunnelEngine::close);
    }
}
