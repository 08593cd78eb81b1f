// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.cli.demo.DemoState;
import dev.hawser.lab.linux.SystemCalls;
import dev.hawser.lab.net.TrafficCount.Hook;
import dev.hawser.lab.process.Signal;
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
                "a gateway killed by SIGKILL is missed within 5 s, both are Connected within 5 s of its return, names"
                        + " stay, nothing leaks meanwhile",
                "gateway container of " + dying.id() + ", Connections of both clusters",
                Look.logs(dying, "hawser-node", "gateway"),
                this::kill);
    }

    private String kill() throws Exception {
        String names = names();
        long leaked = leaked();
        String pod = gateway("{.items[0].metadata.uid}");
        Map<String, Long> before = Containers.of(pod);
        long victim = victim(before);
        DemoPod receiver = direction.called("pod-1");
        try (ObjectWatch peers = demo.watch(peer, "connection", "hawser", dying.id(), "{.status.phase}");
                SteadyStream stream = SteadyStream.start(
                        direction.caller("pod-1").host(),
                        receiver.host(),
                        direction.nameOf(receiver.address()),
                        INTERVAL)) {
            long killed = System.nanoTime();
            Duration noticed = kill(victim, peers);
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
            unlessEqual(names, names(), "names and addresses after the return");
            unlessEqual(leaked, leaked(), "number of packets that left by the uplink of " + dying.id());
            return "missed after " + Patience.seconds(noticed) + ", container back after "
                    + Patience.seconds(Duration.ofNanos(back - killed)) + ", both Connected "
                    + Patience.seconds(own.compareTo(theirs) > 0 ? own : theirs) + " later; same names; none of " + sent
                    + " packets sent meanwhile leaked";
        } finally {
            // Whatever was seen: what is checked next needs both again.
            Patience.await(
                    "gateway of " + dying.id() + " is back", System.nanoTime(), RESTARTED, this::connected, yes -> yes);
        }
    }

    /** Kills it, and keeps its kubelet from starting it again before its absence was noticed. */
    private Duration kill(long victim, ObjectWatch peers) throws Exception {
        SystemCalls.kill(dying.process("kubelet"), Signal.STOP.number());
        try {
            long killed = System.nanoTime();
            SystemCalls.kill(victim, Signal.KILL.number());
            return peers.await("is not Connected", killed, NOTICED, phase -> !phase.equals(CONNECTED));
        } finally {
            SystemCalls.kill(dying.process("kubelet"), Signal.CONT.number());
        }
    }

    private String gateway(String template) {
        return demo.kubectl(
                        dying,
                        "get",
                        "pod",
                        "-n",
                        "hawser-node",
                        "-l",
                        "app.kubernetes.io/name=gateway",
                        "-o",
                        "jsonpath=" + template)
                .strip();
    }

    private long victim(Map<String, Long> running) {
        String container =
                gateway("{.items[0].status.containerStatuses[0].containerID}").replaceFirst("^.*//", "");
        Long process = running.get(container);
        unless(process != null, "container " + container + " of the gateway has no process on this machine");
        return process == null ? 0 : process;
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

    /** All that must be the same after it as before. */
    private String names() {
        String ranges = "{.items[*].status.remote}";
        String dialled = "{.items[*].status.apiServer.address}";
        String exposed = "{.items[*].status.externalIP}";
        return Stream.of(dying, peer)
                .map(cluster -> list(cluster, "configurations", ranges)
                        + list(cluster, "peerings", dialled)
                        + list(cluster, "ip", exposed))
                .collect(Collectors.joining(" "));
    }

    private String list(DemoState.Cluster cluster, String kind, String template) {
        return demo.kubectl(cluster, "get", kind, "-n", "hawser", "-o", "jsonpath=" + template);
    }

    private long leaked() {
        return demo.node(dying).counted(Hook.FORWARD).read("leaked").packets()
                + demo.node(dying).counted(Hook.OUTPUT).read("leaked").packets();
    }
}
