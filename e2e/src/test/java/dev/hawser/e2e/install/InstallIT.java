// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.install;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.image.ImageBuild;
import dev.hawser.image.Kustomization;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.kubernetes.Cluster;
import dev.hawser.lab.kubernetes.ClusterSpec;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.kubernetes.NodePackages;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.HostSnapshot;
import dev.hawser.lab.net.NetworkLab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@RequiresLab
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InstallIT {
    @TempDir
    static Path folder;

    private static NetworkLab lab;
    private static Cluster cluster;
    private static HostSnapshot before;
    private static String buildId;

    @BeforeAll
    static void installTheExample() {
        Path image = ImageBuild.ensure(System.err::println);
        buildId = image.getName(image.getNameCount() - 2).toString().replace("build-", "");
        lab = NetworkLab.open("install");
        Host node = lab.host("node");
        lab.link(node, "eth0", lab.host("internet"), "node");
        node.address("eth0", "203.0.113.2/24");
        node.route("default", "203.0.113.254");
        cluster = Cluster.start(
                node,
                ClusterSpec.of("genoa", "203.0.113.2"),
                KubernetesBinaries.ensure(System.err::println),
                NodePackages.ensure(System.err::println));
        cluster.importImage(image);
        runAPodOfSomebodyElse();
        before = steady(node);
        Kustomization.unpack(folder);
        apply("crds");
        kubectl("wait", "--for=condition=Established", "crd", "--all", "--timeout=30s");
        apply("example");
        for (String each : List.of("hawser/controller", "hawser/api-server-proxy", "hawser-node/gateway")) {
            String[] name = each.split("/", -1);
            kubectl("rollout", "status", "-n", name[0], "deployment/" + name[1], "--timeout=90s");
        }
    }

    private static String version() {
        return ImageBuild.reference().substring(ImageBuild.reference().lastIndexOf(':') + 1);
    }

    @AfterAll
    static void close() {
        if (lab != null) {
            lab.close();
        }
    }

    private static String kubectl(String... arguments) {
        return cluster.kubectl().run(arguments);
    }

    private static void apply(String kustomization) {
        kubectl(
                "apply",
                "--server-side",
                "-k",
                folder.resolve("kustomize").resolve(kustomization).toString());
    }

    /** The CNI makes its bridge and its rules with the first pod; they are not ours to remove. */
    private static void runAPodOfSomebodyElse() {
        cluster.kubectl().apply("""
                apiVersion: v1
                kind: Pod
                metadata: {name: other}
                spec:
                  terminationGracePeriodSeconds: 1
                  containers: [{name: main, image: "%s", imagePullPolicy: Never, command: [sleep, "1000"]}]
                """.formatted(Cluster.TOOLS_IMAGE));
        kubectl("wait", "--for=condition=Ready", "pod/other", "--timeout=60s");
    }

    /** A new bridge gets its IPv6 address a moment later. */
    private static HostSnapshot steady(Host node) {
        HostSnapshot[] last = {node.snapshot()};
        Awaitility.await().pollInterval(Duration.ofSeconds(2)).until(() -> {
            HostSnapshot previous = last[0];
            last[0] = node.snapshot();
            return last[0].differences(previous).isEmpty()
                    && previous.differences(last[0]).isEmpty();
        });
        return last[0];
    }

    @ParameterizedTest
    @CsvSource({"hawser, controller, controller", "hawser, api-server-proxy, proxy", "hawser-node, gateway, gateway"})
    void everyProcessIsOfTheBuildOfTheImage(String namespace, String deployment, String program) {
        // A controller is ready to take over before it has been asked to lead.
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(kubectl("logs", "-n", namespace, "deployment/" + deployment))
                        .contains(program + " " + version() + " build " + buildId + " started in")
                        .doesNotContain("ERROR"));
        assertThat(kubectl("get", "pod", "-n", namespace, "-l", "app.kubernetes.io/name=" + deployment))
                .as("no restarts")
                .containsPattern("1/1 +Running +0 ");
    }

    @Test
    void publishesWhoItIs() {
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(kubectl("get", "clustergateway", "-n", "hawser", "this", "-o", "yaml"))
                    .contains("publicKeys:", "activePod: gateway-");
            assertThat(kubectl("get", "ip", "-n", "hawser", "api-server-proxy", "-o", "yaml"))
                    .contains("externalIP: 10.70.");
        });
    }

    @Test
    void givesTheProxyNothing() {
        String pod =
                kubectl("get", "pod", "-n", "hawser", "-l", "app.kubernetes.io/name=api-server-proxy", "-o", "yaml");
        String identity = "system:serviceaccount:hawser:api-server-proxy";

        assertThat(pod).doesNotContain("serviceAccountToken", "projected:", "secret:");
        assertThat(kubectl(
                        "get",
                        "pod",
                        "-n",
                        "hawser",
                        "-l",
                        "app.kubernetes.io/name=api-server-proxy",
                        "-o",
                        "jsonpath={range .items[*].spec}{.volumes}{.containers[*].volumeMounts}{end}"))
                .as("its limits and its peers' names, and nothing else")
                .isEqualTo("[{\"configMap\":{\"defaultMode\":420,\"name\":\"api-server-proxy\"},\"name\":\"config\"}]"
                        + "[{\"mountPath\":\"/etc/hawser\",\"name\":\"config\",\"readOnly\":true}]");
        assertThat(kubectl("auth", "can-i", "--list", "-n", "hawser", "--as=" + identity))
                .as("the same as anybody who is authenticated")
                .isEqualTo(kubectl(
                        "auth",
                        "can-i",
                        "--list",
                        "-n",
                        "hawser",
                        "--as=nobody-we-know",
                        "--as-group=system:authenticated",
                        "--as-group=system:serviceaccounts",
                        "--as-group=system:serviceaccounts:hawser"));
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void leavesTheNodeAsItWas() {
        kubectl("delete", "-k", folder.resolve("kustomize/example").toString(), "--timeout=60s");
        kubectl("delete", "-k", folder.resolve("kustomize/crds").toString(), "--timeout=60s");

        // kube-proxy takes its time to forget our Service.
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(cluster.host().snapshot().differences(before))
                        .isEmpty());
    }
}
