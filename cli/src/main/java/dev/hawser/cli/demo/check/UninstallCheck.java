// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;

import dev.hawser.cli.demo.DemoState;
import dev.hawser.cli.terminal.Json;
import dev.hawser.lab.net.HostSnapshot;
import dev.hawser.lab.process.Output;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Hawser goes as it came, by kubectl, and leaves the node as it found it. */
final class UninstallCheck {
    private static final Duration SETTLED = Duration.ofSeconds(10);
    private static final Duration SWEEPABLE = Duration.ofMillis(1_200);

    private final RunningDemo demo;
    private final DemoState.Cluster cluster;

    UninstallCheck(RunningDemo demo, DemoState.Cluster cluster) {
        this.demo = demo;
        this.cluster = cluster;
    }

    Check check() {
        return new Check(
                "uninstall-leaves-nothing[" + cluster.id() + "]",
                "after `kubectl delete -k` links, addresses, routes, rules and nft are as before the install",
                "node of " + cluster.id(),
                Look.on(cluster.id() + "/node", "nft list ruleset"),
                this::uninstall);
    }

    private String uninstall() throws Exception {
        long start = System.nanoTime();
        delete(cluster.overlay());
        long middle = System.nanoTime();
        delete(cluster.crds());
        Duration objects = Duration.ofNanos(middle - start);
        Duration kinds = Duration.ofNanos(System.nanoTime() - middle);
        sweep();
        HostSnapshot before = Json.read(Files.readString(Path.of(cluster.before())), HostSnapshot.class);
        Duration settled = Patience.await(
                "the node is as before the install",
                System.nanoTime(),
                SETTLED,
                () -> demo.node(cluster).snapshot().differences(before),
                List::isEmpty);
        long lines = before.things().values().stream().mapToLong(List::size).sum();
        return "objects deleted in " + Patience.seconds(objects) + ", kinds in " + Patience.seconds(kinds) + "; all "
                + lines + " lines of " + before.things().size() + " lists identical " + Patience.seconds(settled)
                + " later";
    }

    private void delete(String folder) {
        Output answer = demo.kubectl(
                demo.operator(),
                Path.of(cluster.kubeconfig()),
                "--request-timeout=0",
                "delete",
                "-k",
                folder,
                "--timeout=60s");
        unless(
                answer.succeeded(),
                "`kubectl delete -k " + folder + "`: " + answer.stderr().strip());
    }

    /**
     * kube-proxy empties the chains of a Service that is gone, and removes them with the next change of any Service that is
     * more than a second later.
     */
    private void sweep() throws InterruptedException {
        Thread.sleep(SWEEPABLE);
        demo.kubectl(cluster, "create", "service", "clusterip", "nudge", "-n", "demo", "--tcp=80");
        demo.kubectl(cluster, "delete", "service", "nudge", "-n", "demo");
    }
}
