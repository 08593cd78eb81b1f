// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;

import dev.hawser.cli.demo.DemoState;
import dev.hawser.cli.terminal.Json;
import dev.hawser.lab.net.HostSnapshot;
import dev.hawser.lab.process.Output;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Hawser goes as it came, by kubectl, and leaves the node as it found it. */
final class UninstallCheck {
    private static final Duration SETTLED = Duration.ofSeconds(10);
    private static final Duration DELETED = Duration.ofSeconds(60);

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
        delete(cluster.crds());
        Duration deleted =
                Patience.await("all that was installed is gone", start, DELETED, this::remaining, List::isEmpty);
        HostSnapshot before = Json.read(Files.readString(Path.of(cluster.before())), HostSnapshot.class);
        Duration settled = Patience.await(
                "the node is as before the install",
                System.nanoTime(),
                SETTLED,
                () -> demo.node(cluster).snapshot().differences(before),
                List::isEmpty);
        long lines = before.things().values().stream().mapToLong(List::size).sum();
        return "gone after " + Patience.seconds(deleted) + "; all " + lines + " lines of "
                + before.things().size() + " lists identical " + Patience.seconds(settled) + " later";
    }

    /** kubectl itself would wait for one object after the other, five questions a second. */
    private void delete(String folder) {
        Output answer =
                demo.kubectl(demo.operator(), Path.of(cluster.kubeconfig()), "delete", "-k", folder, "--wait=false");
        unless(
                answer.succeeded(),
                "`kubectl delete -k " + folder + "`: " + answer.stderr().strip());
    }

    private List<String> remaining() {
        KubernetesClient client = demo.client(cluster);
        Stream<HasMetadata> namespaces = client.namespaces().list().getItems().stream()
                .filter(namespace -> namespace.getMetadata().getName().startsWith("hawser"))
                .map(HasMetadata.class::cast);
        Stream<HasMetadata> kinds = client.apiextensions().v1().customResourceDefinitions().list().getItems().stream()
                .filter(kind -> kind.getSpec().getGroup().endsWith("hawser.dev"))
                .map(HasMetadata.class::cast);
        return Stream.concat(namespaces, kinds)
                .map(left -> left.getKind() + " " + left.getMetadata().getName())
                .toList();
    }
}
