// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Peering;
import dev.hawser.cli.demo.DemoState;
import dev.hawser.lab.linux.SystemCalls;
import dev.hawser.lab.net.TrafficCount.Hook;
import dev.hawser.lab.process.Signal;
import io.fabric8.kubernetes.api.model.Pod;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The gateway of a cluster is killed without warning, and its kubelet starts it again. */
final class GatewayDeathCheck {
    private static final Duration NOTICED = Duration.ofSeconds(5);
    private static final Duration RECOVERED = Duration.ofSeconds(5);
    private static final Duration RESTARTED = Duration.ofSeconds(30);
    private static final Duration INTERVAL = Duration.ofMillis(20);
    private static final String CONNECTED = "Connected";

    private final RunningDemo demo;
    private final Direction direction;
    private final DemoState.Cluster dying;
    private final DemoState.Cluster peer;

    /**
     * @param direction from the cluster whose gateway is killed
     */
    GatewayDeathCheck(RunningDemo demo, Direction direction) {
        this.demo = demo;
        this.direction = direction;
        this.dying = direction.from();
        this.peer = direction.to();
    }

    Check check() {
        return new Check(
                "gateway-killed",
                "a gateway killed by SIGKILL is missed within 5 s by both clusters, both are Connected within 5 s of its"
                        + " return, names stay, nothing leaks meanwhile",
                "gateway container of " + dying.id() + ", Connections of both clusters",
                Look.logs(dying, "hawser-node", "gateway"),
                this::kill);
    }

    private String kill() throws Exception {
        String names = names();
        long leaked = leaked();
        Pod gateway = demo.hawserPod(dying, "hawser-node", "gateway");
        String pod = gateway.getMetadata().getUid();
        Map<String, Long> before = Containers.of(pod);
        long victim = victim(gateway, before);
        DemoPod receiver = direction.called("pod-1");
        try (ObjectWatch peers = demo.watch(peer, "connection", "hawser", dying.id(), "{.status.phase}");
                ObjectWatch ours = demo.watch(dying, "connection", "hawser", peer.id(), "{.status.phase}");
                SteadyStream stream = SteadyStream.start(
                        direction.caller("pod-1").host(),
                        receiver.host(),
                        direction.nameOf(receiver.address()),
                        INTERVAL)) {
            long killed = System.nanoTime();
            Duration noticed = kill(victim, peers, ours);
            Patience.await(
                    "a new gateway container of " + dying.id(),
                    killed,
                    RESTARTED,
                    () -> Containers.of(pod).keySet(),
                    running -> !before.keySet().containsAll(running));
            long back = System.nanoTime();
            int sent = stream.sent();
            Duration own = Patience.await(
                    "gateway of " + dying.id() + " is Connected", back, RECOVERED, this::connected, yes -> yes);
            Duration theirs = peers.await("is Connected again", back, RECOVERED, CONNECTED::equals);
            Patience.await("data flows", back, RECOVERED, () -> stream.arrivedSince(back), flows -> flows);
            unlessChanged(names, leaked);
            return "missed by both after " + Patience.seconds(noticed) + ", container back after "
                    + Patience.seconds(Duration.ofNanos(back - killed)) + ", both Connected "
                    + Patience.seconds(own.compareTo(theirs) > 0 ? own : theirs) + " later; same names; none of " + sent
                    + " packets sent meanwhile leaked";
        } finally {
            // Whatever was seen: what is checked next needs both again.
            Patience.await(
                    "gateway of " + dying.id() + " is back", System.nanoTime(), RESTARTED, this::connected, yes -> yes);
        }
    }

    /** Kills it, and keeps its kubelet from starting it again before its absence was noticed on both sides. */
    private Duration kill(long victim, ObjectWatch peers, ObjectWatch ours) throws Exception {
        try (PausedProcess kubelet = PausedProcess.pause(dying.process("kubelet"))) {
            long killed = System.nanoTime();
            SystemCalls.kill(victim, Signal.KILL.number());
            String missed = "is not Connected, " + kubelet + " stands still";
            Duration theirs = peers.await(missed, killed, NOTICED, phase -> !phase.equals(CONNECTED));
            Duration own = ours.await(missed, killed, NOTICED, phase -> !phase.equals(CONNECTED));
            return own.compareTo(theirs) > 0 ? own : theirs;
        }
    }

    private static long victim(Pod gateway, Map<String, Long> running) {
        String id = gateway.getStatus().getContainerStatuses().getFirst().getContainerID();
        Long process = running.get(String.valueOf(id).replaceFirst("^.*//", ""));
        if (process == null) {
            throw new CheckFailedException("container " + id + " of the gateway has no process on this machine");
        }
        return process;
    }

    /** By the new process's own word: its predecessor's last word stands in the Connection until it writes there. */
    private boolean connected() throws Exception {
        try {
            return demo.gatewayMetrics(dying).sum("hawser_gateway_peer_connected", "peer", peer.id()) == 1;
        } catch (ConnectException | CheckFailedException e) {
            // It has not come so far yet.
            return false;
        }
    }

    private void unlessChanged(String names, long leaked) {
        unlessEqual(names, names(), "names and addresses after the return");
        unlessEqual(leaked, leaked(), "number of packets that left by the uplink of " + dying.id());
    }

    /** All that must be the same after it as before. */
    private String names() {
        return Stream.of(dying, peer)
                .map(cluster -> demo.peerOf(cluster).id() + " in " + cluster.id() + ": " + ranges(cluster) + " "
                        + dialled(cluster) + " " + exposed(cluster))
                .collect(Collectors.joining("; "));
    }

    private String ranges(DemoState.Cluster cluster) {
        String name = demo.peerOf(cluster).id();
        var status = demo.get(cluster, Configuration.class, "hawser", name).getStatus();
        return status == null ? "" : String.valueOf(status.remote());
    }

    private String dialled(DemoState.Cluster cluster) {
        String name = demo.peerOf(cluster).id();
        var status = demo.get(cluster, Peering.class, "hawser", name).getStatus();
        return status == null || status.apiServer() == null
                ? ""
                : String.valueOf(status.apiServer().address());
    }

    private String exposed(DemoState.Cluster cluster) {
        var status = demo.get(cluster, IP.class, "hawser", "api-server-proxy").getStatus();
        return status == null ? "" : String.valueOf(status.externalIPs());
    }

    private long leaked() {
        return WireChecks.leaked(demo.node(dying), Hook.FORWARD) + WireChecks.leaked(demo.node(dying), Hook.OUTPUT);
    }
}
