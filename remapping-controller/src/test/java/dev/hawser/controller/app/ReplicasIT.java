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
import dev.hawser.lab.process.Signal;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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

    private static final Duration SOON = Duration.ofSeconds(45);

    @TempDir
    private Path folder;

    private InstalledCluster cluster;
    private ReplicaProcesses replicas;
    private RemoteSide lisbon;

    @BeforeEach
    void install(ControlPlane controlPlane) {
        cluster = InstalledCluster.on(controlPlane);
        replicas = new ReplicaProcesses(cluster, folder);
        lisbon = RemoteSide.of(cluster);
    }

    @AfterEach
    void close() {
        lisbon.close();
    }

    @Test
    void meetsThePeerInBandAndGoesOnWhenTheLeaderIsPausedOrKilled() throws IOException {
        try (ChildProcess first = replicas.start("first")) {
            within(SOON, () -> assertThat(replicas.leader()).isEqualTo("first"));
            try (ChildProcess second = replicas.start("second")) {
                second.awaitLog("started", SOON);
                lisbon.meet(PEER, SOON);
                within(
                        SOON,
                        () -> assertThat(proxyIp().getStatus().peers())
                                .anySatisfy(peer -> assertThat(peer.address()).isEqualTo("10.89.0.2")));
                String address = proxyIp().getStatus().externalIP();
                PeerAPIServer there =
                        cluster.get(Peering.class, NAMESPACE, PEER).getStatus().apiServer();

                first.signal(Signal.STOP);
                within(TAKEOVER, () -> assertThat(replicas.leader()).isEqualTo("second"));
                first.signal(Signal.CONT);
                second.kill();

                within(TAKEOVER, () -> assertThat(replicas.leader()).isEqualTo("first"));
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

    private IP proxyIp() {
        return cluster.get(IP.class, NAMESPACE, "api-server-proxy");
    }

    private static boolean ready(Peering peering) {
        return Conditions.of(peering.getStatus().conditions()).holds("Ready");
    }
}
