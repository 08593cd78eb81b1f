// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;

import dev.hawser.cli.demo.DemoState;
import dev.hawser.lab.process.Output;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** An API server falls silent for half a minute; packets do not care. */
final class ApiServerDownCheck {
    private static final Duration DOWN = Duration.ofSeconds(30);
    private static final Duration BACK = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final RunningDemo demo;
    private final List<Direction> directions;
    private final DemoState.Cluster cluster;

    /**
     * @param cluster whose API server it is
     */
    ApiServerDownCheck(RunningDemo demo, List<Direction> directions, DemoState.Cluster cluster) {
        this.demo = demo;
        this.directions = directions;
        this.cluster = cluster;
    }

    Check check() {
        return new Check(
                "api-server-down-30s",
                "no packet is lost while an API server is away for 30 s",
                "kube-apiserver of " + cluster.id() + ", streams between the pods pod-2",
                Look.operator(cluster, "get --raw /readyz?verbose"),
                this::down);
    }

    private String down() throws Exception {
        // Whoever needs names while it is away must have asked before.
        directions.forEach(Direction::learn);
        long process = cluster.process("kube-apiserver");
        try (SteadyStream there = stream(directions.get(0));
                SteadyStream back = stream(directions.get(1))) {
            long since = System.nanoTime();
            try (PausedProcess paused = PausedProcess.pause(process)) {
                Output answer = demo.kubectl(
                        demo.operator(), Path.of(cluster.kubeconfig()), "--request-timeout=1s", "get", "--raw=/readyz");
                unless(!answer.succeeded(), "the API server answers although " + paused + " is stopped");
                Thread.sleep(DOWN.minusNanos(System.nanoTime() - since));
            }
            there.requireNoLoss("in direction " + directions.get(0));
            back.requireNoLoss("in direction " + directions.get(1));
            Duration ready = Patience.await(
                    "API server of " + cluster.id() + " is ready", System.nanoTime(), BACK, this::ready, yes -> yes);
            return "all of " + there.sent() + " and " + back.sent()
                    + " datagrams arrived; API server ready again after " + Patience.seconds(ready);
        }
    }

    private SteadyStream stream(Direction direction) throws Exception {
        DemoPod receiver = direction.called("pod-2");
        return SteadyStream.start(
                direction.caller("pod-2").host(), receiver.host(), direction.nameOf(receiver.address()), INTERVAL);
    }

    private boolean ready() {
        return demo.kubectl(demo.operator(), Path.of(cluster.kubeconfig()), "get", "--raw=/readyz")
                .succeeded();
    }
}
