// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

@RequiresLab
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ControlPlaneIT {
    private static NetworkLab lab;
    private static Host node;
    private static Host operator;
    private static ControlPlane cluster;

    @BeforeAll
    static void start() {
        KubernetesBinaries binaries = KubernetesBinaries.ensure(System.err::println);
        lab = NetworkLab.open("control-plane-it");
        node = lab.host("node");
        operator = lab.host("operator");
        lab.link(node, "mgmt", operator, "node");
        node.address("mgmt", "192.0.2.1/30");
        operator.address("node", "192.0.2.2/30");
        cluster = ControlPlane.start(node, new ControlPlaneSpec("10.95.0.0/16", List.of("192.0.2.1")), binaries);
    }

    @AfterAll
    static void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void servesKubectlOnItsHostAndOverALink() {
        Kubectl afar = cluster.kubectl(operator, cluster.adminKubeconfig("https://192.0.2.1"));

        assertThat(cluster.kubectl().run("get", "namespaces", "-o", "name")).contains("namespace/default");
        assertThat(afar.run("version")).contains("Server Version: v1.35.4");
    }

    @Test
    void isKnownToPodsUnderTheFirstServiceAddress() {
        Kubectl pod = cluster.kubectl(node, cluster.adminKubeconfig("https://10.95.0.1:443"));

        assertThat(pod.run("get", "service", "kubernetes", "-o", "jsonpath={.spec.clusterIP}"))
                .isEqualTo("10.95.0.1");
    }

    @Test
    void givesTokensExactlyTheirRights() {
        serviceAccount("reader");
        serviceAccount("stranger");
        Kubectl kubectl = cluster.kubectl();
        kubectl.run("create", "role", "reader", "--verb=list", "--resource=services");
        kubectl.run("create", "rolebinding", "reader", "--role=reader", "--serviceaccount=default:reader");

        String reader = cluster.token("default", "reader");
        // The authorizer learns of new bindings by a watch of its own.
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> statusOfListing(reader) == 200);
        assertThat(statusOfListing(cluster.token("default", "stranger"))).isEqualTo(403);
        assertThat(statusOfListing("garbage")).isEqualTo(401);
    }

    @Test
    void refusesCallersWithoutAName() {
        Kubeconfig nobody = Kubeconfig.of(cluster.localServer(), cluster.pki().caCertificate());

        try (KubernetesClient client = cluster.newClient(nobody)) {
            assertThatThrownBy(() -> client.raw("/api"))
                    .isInstanceOfSatisfying(
                            KubernetesClientException.class,
                            refusal -> assertThat(refusal.getCode()).isEqualTo(401));
        }
    }

    @Test
    void bindsTheAddressOfAService() {
        cluster.client()
                .services()
                .inNamespace("default")
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("bound")
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withPort(8118)
                        .endPort()
                        .endSpec()
                        .build())
                .create();

        String address = cluster.bindService("default", "bound");

        assertThat(address).startsWith("10.95.");
        assertThat(node.run("ip", "address", "show", "dev", "lo").stdout()).contains(address + "/32");
    }

    @Test
    @Order(Integer.MAX_VALUE - 1)
    void keepsItsObjectsOverACrashAndARestart() {
        serviceAccount("survivor");

        cluster.apiServer().kill();
        cluster.start();
        cluster.stop();
        cluster.start();

        assertThat(cluster.client()
                        .serviceAccounts()
                        .inNamespace("default")
                        .withName("survivor")
                        .get())
                .isNotNull();
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void leavesNoProcess() {
        List<ChildProcess> processes = List.of(cluster.apiServer(), cluster.etcd());

        cluster.close();

        assertThat(processes).noneMatch(ChildProcess::alive);
        assertThat(processes)
                .noneMatch(process -> ProcessHandle.of(process.pid()).isPresent());
    }

    private static void serviceAccount(String name) {
        cluster.client()
                .serviceAccounts()
                .inNamespace("default")
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    private static int statusOfListing(String token) {
        try (KubernetesClient client = cluster.newClient(cluster.tokenKubeconfig(cluster.localServer(), token))) {
            client.services().inNamespace("default").list();
            return 200;
        } catch (KubernetesClientException e) {
            return e.getCode();
        }
    }
}
