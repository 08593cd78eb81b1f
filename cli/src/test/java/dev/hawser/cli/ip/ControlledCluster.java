// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.ip;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPSpec;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.ClusterGatewayStatus;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.LearnedAdvertisement;
import dev.hawser.api.networking.NodeRoute;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.controller.app.ControllerMain;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.kubernetes.ControlPlaneSpec;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.kubernetes.Manifests;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.JavaProgram;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * A real API server with everything that is installed, and the real controller. The test plays the gateway: it publishes a
 * key and routes, and says that Connections are up; and it carries the Advertisements over, for there is no tunnel.
 */
final class ControlledCluster {
    static final String NAMESPACE = "hawser";

    private final String id;
    private final ControlPlane controlPlane;
    private final Path folder;
    private final Path kubeconfig;
    private @Nullable ChildProcess controller;

    private ControlledCluster(String id, ControlPlane controlPlane, Path folder) {
        this.id = id;
        this.controlPlane = controlPlane;
        this.folder = folder;
        this.kubeconfig = folder.resolve(id + ".kubeconfig");
    }

    /** All clusters of the test have the same ranges, of both families. */
    static ControlledCluster start(
            String id, NetworkLab lab, KubernetesBinaries binaries, Path folder, List<NodeRoute> routes)
            throws IOException {
        ControlPlane controlPlane = ControlPlane.start(
                lab.host(id), new ControlPlaneSpec(List.of("10.96.0.0/16", "fd00:10:96::/112"), List.of()), binaries);
        ControlledCluster cluster = new ControlledCluster(id, controlPlane, folder);
        Files.writeString(
                cluster.kubeconfig,
                controlPlane.adminKubeconfig(controlPlane.localServer()).yaml());
        cluster.apply(new Manifests("/dev/hawser/manifests/crds").all());
        cluster.apply(new Manifests("/dev/hawser/manifests/kustomize/default").all());
        cluster.apply("""
                apiVersion: networking.hawser.dev/v1alpha1
                kind: ClusterGateway
                metadata: {name: this, namespace: hawser}
                spec:
                  clusterID: %s
                  podCIDRs: [10.200.0.0/16, "fd00:10:200::/56"]
                  serviceCIDRs: [10.96.0.0/16, "fd00:10:96::/112"]
                  externalCIDRs: [10.70.0.0/16, "fd00:10:70::/112"]
                  endpoints: ["198.51.100.2:51820"]
                """.formatted(id));
        cluster.publish(routes);
        cluster.startController();
        return cluster;
    }

    String id() {
        return id;
    }

    String kubeconfig() {
        return kubeconfig.toString();
    }

    KubernetesClient client() {
        return controlPlane.client();
    }

    /** Exposes an address to everybody. */
    void expose(String name, String address) {
        IP ip = new IP();
        ip.setMetadata(
                new ObjectMetaBuilder().withNamespace("default").withName(name).build());
        ip.setSpec(new IPSpec(null, address, null, List.of(), List.of("*"), null));
        client().resource(ip).create();
    }

    /** A peer that nobody ever hears of, with the same ranges as everybody. */
    void peerWithNobody(String peerID) {
        Peering peering = new Peering();
        peering.setMetadata(new ObjectMetaBuilder()
                .withNamespace(NAMESPACE)
                .withName(peerID)
                .build());
        peering.setSpec(new PeeringSpec(
                peerID,
                List.of(Base64.getEncoder().encodeToString(Arrays.copyOf(peerID.getBytes(StandardCharsets.UTF_8), 32))),
                List.of("198.51.100.7:51820"),
                List.of("10.200.0.0/16", "fd00:10:200::/56"),
                List.of("10.70.0.0/16", "fd00:10:70::/112"),
                new ProxyAddress("10.70.0.2", 8118),
                null,
                null,
                null,
                null,
                "0.1.0-test"));
        client().resource(peering).create();
    }

    /** Says of every Connection that it is as it should be. */
    void connectAll() {
        for (Connection connection : client().resources(Connection.class)
                .inNamespace(NAMESPACE)
                .list()
                .getItems()) {
            Long generation = connection.getMetadata().getGeneration();
            boolean told = connection.getStatus() != null
                    && generation.equals(connection.getStatus().observedGeneration());
            if (!told) {
                connection.setStatus(new ConnectionStatus(
                        ConnectionPhase.Connected,
                        null,
                        "wireguard/udp",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        Map.of(),
                        null,
                        List.of(),
                        generation));
                client().resource(connection).updateStatus();
            }
        }
    }

    /** What this cluster tells a peer. */
    AdvertisementSpec advertised(String peerID) {
        return client().resources(Advertisement.class)
                .inNamespace("hawser-peers")
                .withName(peerID)
                .get()
                .getSpec();
    }

    /** Lets the controller know what a peer tells, as if it had read that through the tunnel. */
    void learn(ControlledCluster peer) {
        AdvertisementSpec told = peer.advertised(id);
        client().resources(Peering.class)
                .inNamespace(NAMESPACE)
                .withName(peer.id)
                .editStatus(peering -> {
                    PeeringStatus old = peering.getStatus();
                    peering.setStatus(new PeeringStatus(
                            old.apiServer(),
                            old.peerVersion(),
                            old.connection(),
                            old.latency(),
                            new LearnedAdvertisement(
                                    "uid",
                                    1,
                                    told.publicKeys(),
                                    List.of(),
                                    told.endpoints(),
                                    told.proxy(),
                                    told.remapOfYou(),
                                    null,
                                    told.version(),
                                    told.exposures()),
                            old.conditions(),
                            old.observedGeneration()));
                    return peering;
                });
    }

    private void publish(List<NodeRoute> routes) {
        byte[] key = new byte[32];
        key[0] = (byte) id.length();
        client().resources(ClusterGateway.class)
                .inNamespace(NAMESPACE)
                .withName("this")
                .editStatus(gateway -> {
                    gateway.setStatus(new ClusterGatewayStatus(
                            List.of(Base64.getEncoder().encodeToString(key)),
                            List.of("198.51.100.2:51820"),
                            null,
                            "gateway-0",
                            0,
                            routes,
                            List.of(),
                            1L));
                    return gateway;
                });
    }

    /** Ends the controller as a machine that fails would, and starts another one. */
    void killController() throws IOException {
        Objects.requireNonNull(controller).kill();
        startController();
    }

    private void startController() throws IOException {
        Path ofController = folder.resolve(id + "-controller.kubeconfig");
        Files.writeString(
                ofController,
                controlPlane
                        .tokenKubeconfig(controlPlane.hostServer(), controlPlane.token(NAMESPACE, "controller"))
                        .yaml());
        controller = controlPlane
                .host()
                .start(
                        "controller",
                        JavaProgram.of(ControllerMain.class.getName())
                                .flags("-Xmx128m", "-XX:TieredStopAtLevel=1")
                                .command()
                                .with(Map.of(
                                        "KUBECONFIG",
                                        ofController.toString(),
                                        "HAWSER_POD_NAME",
                                        "controller",
                                        "HAWSER_HEALTH_ADDRESS",
                                        "127.0.0.1:0")));
    }

    private void apply(String yaml) {
        // A kind is served some time after its CRD was accepted.
        Awaitility.await()
                .atMost(Duration.ofSeconds(15))
                .pollDelay(Duration.ZERO)
                .pollInterval(200, TimeUnit.MILLISECONDS)
                .ignoreException(KubernetesClientException.class)
                .untilAsserted(() -> client().load(new ByteArrayInputStream(yaml.getBytes(StandardCharsets.UTF_8)))
                        .serverSideApply());
    }
}
