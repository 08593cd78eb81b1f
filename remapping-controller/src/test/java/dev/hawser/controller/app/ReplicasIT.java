// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.app;

import static dev.hawser.controller.reconcile.InstalledCluster.NAMESPACE;
import static dev.hawser.controller.reconcile.InstalledCluster.key;
import static dev.hawser.controller.reconcile.InstalledCluster.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.PeerAPIServer;
import dev.hawser.api.networking.Peering;
import dev.hawser.controller.reconcile.InstalledCluster;
import dev.hawser.controller.reconcile.RemoteSide;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.junit.SharedControlPlane;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.JavaProgram;
import dev.hawser.lab.process.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The controller as processes: two replicas, a peer that is reached in-band, and the leader's sudden death. */
@RequiresLab
@ExtendWith(SharedControlPlane.class)
class ReplicasIT {
    private static final String PEER = "lisbon";
    /** Lease 5 s, asked for every second, and some load. */
    private static final Duration TAKEOVER = Duration.ofSeconds(8);

    private static final Duration SOON = Duration.ofSeconds(15);

    @TempDir
    private Path folder;

    private InstalledCluster cluster;
    private RemoteSide lisbon;

    @BeforeEach
    void install(ControlPlane controlPlane) {
        cluster = InstalledCluster.on(controlPlane);
        cluster.client()
                .leases()
                .inNamespace(NAMESPACE)
                .withName("hawser-controller")
                .delete();
        lisbon = RemoteSide.of(cluster);
    }

    @AfterEach
    void close() {
        lisbon.close();
    }

    @Test
    void meetsThePeerInBandAndGoesOnWhenTheLeaderIsPausedOrKilled() throws IOException {
        try (ChildProcess first = replica("first")) {
            within(SOON, () -> assertThat(leader()).isEqualTo("first"));
            try (ChildProcess second = replica("second")) {
                second.awaitLog("started", SOON);
                meet();
                String address = proxyIp().getStatus().externalIP();
                PeerAPIServer there =
                        cluster.get(Peering.class, NAMESPACE, PEER).getStatus().apiServer();

                first.signal(Signal.STOP);
                within(TAKEOVER, () -> assertThat(leader()).isEqualTo("second"));
                first.signal(Signal.CONT);
                second.kill();

                within(TAKEOVER, () -> assertThat(leader()).isEqualTo("first"));
                cluster.exposeAddress("after-takeover", "192.0.2.77");
                within(
                        SOON,
                        () -> assertThat(
                                        cluster.ip("after-takeover").getStatus().externalIP())
                                .isNotNull());
                assertThat(proxyIp().getStatus().externalIP()).isEqualTo(address);
                Peering peering = cluster.get(Peering.class, NAMESPACE, PEER);
                assertThat(peering.getStatus().apiServer()).isEqualTo(there);
                assertThat(ready(peering)).isTrue();
                lisbon.advertise(PEER, key(7), "198.51.100.9:51820");
                within(
                        SOON,
                        () -> assertThat(cluster.get(Connection.class, NAMESPACE, PEER)
                                        .getSpec()
                                        .endpoints())
                                .contains("198.51.100.9:51820"));
            }
        }
    }

    /** Peers with lisbon, whose proxy answers at the remapped address as it would behind the tunnel. */
    private void meet() {
        cluster.peer(PEER);
        AtomicReference<PeerAPIServer> remapped = new AtomicReference<>();
        within(
                SOON,
                () -> remapped.set(Objects.requireNonNull(
                        cluster.get(Peering.class, NAMESPACE, PEER).getStatus().apiServer())));
        cluster.controlPlane().host().address("lo", remapped.get().address() + "/32");
        lisbon.advertise(PEER, key(7), "198.51.100.8:51820");
        lisbon.hand(PEER, null);
        within(
                SOON,
                () -> assertThat(cluster.get(Connection.class, NAMESPACE, PEER)).isNotNull());
        cluster.connect(PEER);

        within(SOON, () -> {
            assertThat(ready(cluster.get(Peering.class, NAMESPACE, PEER))).isTrue();
            assertThat(cluster.get(Connection.class, NAMESPACE, PEER).getSpec().endpoints())
                    .containsExactly("198.51.100.7:51820", "198.51.100.8:51820");
            assertThat(proxyIp().getStatus().peers())
                    .anySatisfy(peer -> assertThat(peer.address()).isEqualTo("10.89.0.2"));
        });
        cluster.connect(PEER);
    }

    private ChildProcess replica(String name) throws IOException {
        ControlPlane controlPlane = cluster.controlPlane();
        Path kubeconfig = folder.resolve(name + ".kubeconfig");
        Files.writeString(
                kubeconfig,
                controlPlane
                        .tokenKubeconfig(controlPlane.hostServer(), controlPlane.token(NAMESPACE, "controller"))
                        .yaml());
        return controlPlane
                .host()
                .start(
                        name,
                        JavaProgram.of(ControllerMain.class.getName())
                                .flags("-Xmx128m", "-XX:TieredStopAtLevel=1")
                                .command()
                                .with(Map.of(
                                        "KUBECONFIG",
                                        kubeconfig.toString(),
                                        "HAWSER_POD_NAME",
                                        name,
                                        "HAWSER_HEALTH_ADDRESS",
                                        "127.0.0.1:0")));
    }

    private String leader() {
        return cluster.client()
                .leases()
                .inNamespace(NAMESPACE)
                .withName("hawser-controller")
                .get()
                .getSpec()
                .getHolderIdentity();
    }

    private IP proxyIp() {
        return cluster.get(IP.class, NAMESPACE, "api-server-proxy");
    }

    private static boolean ready(Peering peering) {
        return Conditions.of(peering.getStatus().conditions()).holds("Ready");
    }
}
