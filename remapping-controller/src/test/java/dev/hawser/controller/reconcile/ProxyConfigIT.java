// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.junit.SharedControlPlane;
import dev.hawser.lab.kubernetes.ControlPlane;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The file of the API server proxy, written by a controller that has the rights of the manifests and no others. */
@RequiresLab
@ExtendWith(SharedControlPlane.class)
class ProxyConfigIT {
    private static final Duration SOON = Duration.ofSeconds(20);

    private static InstalledCluster cluster;
    private static KubernetesClient asController;
    private static FabricController controller;

    @BeforeAll
    static void start(ControlPlane controlPlane) {
        cluster = InstalledCluster.on(controlPlane);
        asController = cluster.asController();
        controller = cluster.controller(asController, "proxy-config");
    }

    @AfterAll
    static void stop() {
        controller.close();
        asController.close();
    }

    private static ConfigMap configMap() {
        return cluster.client()
                .configMaps()
                .inNamespace(InstalledCluster.NAMESPACE)
                .withName("api-server-proxy")
                .get();
    }

    @Test
    void tellsTheProxyOfPeersAndKeepsWhatPeopleWrote() {
        ConfigMap own = configMap();
        own.getData().put("proxy.yaml", "limits: {tunnels: 77}\ndrain: {delay: 3s}\n");
        cluster.client().resource(own).update();
        cluster.peer("sines");

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(configMap().getData().get("proxy.yaml"))
                        .contains("admitted:")
                        .contains("10.200.0.0/16")
                        .contains("clusterID: \"sines\"")
                        .contains("tunnels: 77")
                        .contains("delay: \"3s\""));
    }
}
