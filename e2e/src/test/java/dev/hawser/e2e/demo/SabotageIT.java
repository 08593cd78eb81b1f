// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.cli.demo.DemoFolder;
import dev.hawser.cli.demo.DemoState;
import dev.hawser.cli.demo.Lifecycle;
import dev.hawser.cli.demo.check.CheckReport;
import dev.hawser.cli.demo.check.DemoChecks;
import dev.hawser.cli.terminal.Json;
import dev.hawser.cli.terminal.Progress;
import dev.hawser.cli.terminal.Quiet;
import dev.hawser.e2e.clients.Client;
import dev.hawser.e2e.clients.KubectlClient;
import dev.hawser.e2e.clients.PeerAccess;
import dev.hawser.e2e.clients.Trial;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.kubernetes.Cluster;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One demo, broken in several ways one after the other and mended in between. */
@RequiresLab
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SabotageIT {
    private static final Duration REPAIR_LIMIT = Duration.ofSeconds(5);
    private static final Duration RECOVERY_LIMIT = Duration.ofSeconds(20);
    private static final String EDIT = "{\"status\":{\"remote\":{\"podCIDRs\":[{\"cidr\":\"10.200.0.0/16\","
            + "\"remapped\":\"10.99.0.0/16\"}]}}}";

    // Any request gets a yes, and nobody is connected.
    private static final String LIAR = "while true; do printf 'HTTP/1.1 200 OK\\r\\n\\r\\n' | nc -l -p 8118 -w 1; done";

    private static DemoFolder folder;
    private static Lifecycle lifecycle;
    private static DemoState demo;
    private static NetworkLab lab;

    @BeforeAll
    static void up(@TempDir Path temporary) throws InterruptedException {
        Quiet.libraries();
        folder = new DemoFolder(temporary.resolve("demo"));
        lifecycle = new Lifecycle(folder, Progress.on(System.err));
        demo = lifecycle.up();
        lab = NetworkLab.open("sabotage");
    }

    @AfterAll
    static void down() throws InterruptedException {
        if (lab != null) {
            lab.close();
        }
        assertThat(lifecycle.down()).as("left behind").isEmpty();
    }

    /** While all is well; with everything else that talks to Kubernetes, ClientMatrixIT does the same. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Order(0)
    void everyVerbOfKubectlWorksThroughTheRemappedProxy(boolean spdy, @TempDir Path files) throws Exception {
        PeerAccess access = PeerAccess.open(demo, lab, files);
        Client kubectl = KubectlClient.brief(access, spdy);

        assertThat(Trial.of(kubectl, access).failures()).isEmpty();
    }

    @Test
    @Order(1)
    void editedNamesAreToldWhileNobodyRepairsThem() throws InterruptedException {
        Predicate<String> names = checks("mapping-as-announced", "peering-ready");
        awaitHealth(names);
        kubectl("scale", "deployment/controller", "-n", "hawser", "--replicas=0");
        kubectl("wait", "--for=delete", "pod", "-n", "hawser", "-l", "app.kubernetes.io/name=controller");
        try {
            edit();

            assertThat(failures(names)).contains("mapping-as-announced[genoa]");
        } finally {
            kubectl("scale", "deployment/controller", "-n", "hawser", "--replicas=1");
        }
        awaitHealth(names);
    }

    @Test
    @Order(2)
    void editedNamesAreRepaired() throws InterruptedException {
        edit();
        long start = System.nanoTime();
        while (!remapped().equals("10.71.0.0/16")) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(REPAIR_LIMIT);
        }
        awaitHealth(checks("mapping-as-announced"));
    }

    @Test
    @Order(3)
    void aDroppedTunnelIsTold() throws InterruptedException {
        Predicate<String> path = checks("ping", "peering-ready");
        awaitHealth(path);
        Host internet = host("internet");
        internet.nft("""
                table inet sabotage {
                  chain forward { type filter hook forward priority filter; ip protocol udp drop; }
                }
                """);
        try {
            assertThat(failures(path)).contains("ping[genoa->3rd-lisbon]", "ping[3rd-lisbon->genoa]");
            // By now the probes have been missing for longer than it takes to notice.
            assertThat(failures(path)).contains("peering-ready[genoa]", "peering-ready[3rd-lisbon]");
        } finally {
            internet.nft("delete table inet sabotage");
        }
        awaitHealth(path);
    }

    @Test
    @Order(4)
    void aProxyThatSaysYesToAllIsTold() throws InterruptedException {
        Predicate<String> access = checks("api-through-remap", "proxy-connect-elsewhere-403");
        awaitHealth(access);
        kubectl("patch", "deployment/api-server-proxy", "-n", "hawser", "--type=json", "-p", liar());
        rolledOut();
        try {
            assertThat(failures(access))
                    .contains("api-through-remap[3rd-lisbon->genoa]", "proxy-connect-elsewhere-403[3rd-lisbon->genoa]");
        } finally {
            kubectl("rollout", "undo", "deployment/api-server-proxy", "-n", "hawser");
        }
        rolledOut();
        awaitHealth(access);
    }

    /** Another image in the place of the proxy's, one that every lab cluster has. */
    private static String liar() {
        String container = "/spec/template/spec/containers/0/";
        return Json.write(List.of(
                Map.of("op", "replace", "path", container + "image", "value", Cluster.TOOLS_IMAGE),
                Map.of("op", "replace", "path", container + "args", "value", List.of()),
                Map.of("op", "add", "path", container + "command", "value", List.of("sh", "-c", LIAR)),
                Map.of("op", "remove", "path", container + "startupProbe"),
                Map.of("op", "remove", "path", container + "readinessProbe"),
                Map.of("op", "remove", "path", container + "livenessProbe")));
    }

    private static void rolledOut() {
        kubectl("rollout", "status", "deployment/api-server-proxy", "-n", "hawser", "--timeout=60s");
    }

    /** The checks whose names begin so, in all their directions; a demo that runs undisturbed shows the others. */
    private static Predicate<String> checks(String... names) {
        return name -> Arrays.stream(names).anyMatch(name::startsWith);
    }

    /** The names of those checks that fail now. */
    private static List<String> failures(Predicate<String> wanted) throws InterruptedException {
        CheckReport report = DemoChecks.run(folder, Progress.on(System.err), wanted);
        assertThat(report.results()).as("checks that were run").isNotEmpty();
        return report.results().stream()
                .filter(result -> !result.passed())
                .map(CheckReport.Result::name)
                .toList();
    }

    private static void awaitHealth(Predicate<String> wanted) throws InterruptedException {
        long start = System.nanoTime();
        while (!failures(wanted).isEmpty()) {
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(RECOVERY_LIMIT);
        }
    }

    private static DemoState.Cluster cluster(String id) {
        return demo.clusters().stream()
                .filter(cluster -> cluster.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private static void edit() {
        kubectl(
                "patch",
                "configuration",
                "3rd-lisbon",
                "-n",
                "hawser",
                "--subresource=status",
                "--type=merge",
                "-p",
                EDIT);
    }

    private static String remapped() {
        return kubectl(
                "get",
                "configuration",
                "3rd-lisbon",
                "-n",
                "hawser",
                "-o",
                "jsonpath={.status.remote.podCIDRs[0].remapped}");
    }

    private static String kubectl(String... arguments) {
        Command command = Command.of(arguments)
                .prefixedBy(List.of(String.valueOf(demo.kubectl())))
                .with("KUBECONFIG", cluster("genoa").kubeconfig());
        return host("operator").run(command).orThrow().stdout();
    }

    private static Host host(String name) {
        return lab.attach(name.replace('/', '-'), demo.namespace(name));
    }
}
