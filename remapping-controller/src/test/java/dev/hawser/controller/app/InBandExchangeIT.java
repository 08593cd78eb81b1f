// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.app;

import static dev.hawser.controller.reconcile.InstalledCluster.NAMESPACE;
import static dev.hawser.controller.reconcile.InstalledCluster.PEERS;
import static dev.hawser.controller.reconcile.InstalledCluster.key;
import static dev.hawser.controller.reconcile.InstalledCluster.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.Announcement;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.SeenVersion;
import dev.hawser.controller.reconcile.InstalledCluster;
import dev.hawser.controller.reconcile.RemoteSide;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.junit.SharedControlPlane;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.process.ChildProcess;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** One controller and one peer: what either announces, follows and acknowledges, and what is said of a peer that is away. */
@RequiresLab
@ExtendWith(SharedControlPlane.class)
class InBandExchangeIT {
    private static final String PEER = "setubal";
    private static final Duration SOON = Duration.ofSeconds(45);

    private static InstalledCluster cluster;
    private static RemoteSide setubal;
    private static ChildProcess replica;

    @BeforeAll
    static void meet(ControlPlane controlPlane, @TempDir Path folder) throws IOException {
        cluster = InstalledCluster.on(controlPlane);
        // What every peer acknowledged is the question here, and those of other tests never speak.
        cluster.client().resources(Peering.class).inNamespace(NAMESPACE).delete();
        setubal = RemoteSide.of(cluster);
        replica = new ReplicaProcesses(cluster, folder).start("exchange");
        setubal.meet(PEER, SOON);
    }

    @AfterAll
    static void part() {
        replica.close();
        setubal.close();
        cluster.publish(key(1));
    }

    @Test
    void letsAKeyGoOnlyWhenThePeerAppliesTheNext() {
        cluster.publish(key(1));
        acknowledgeUntil(key(1));

        cluster.publish(key(1), key(2));
        within(SOON, () -> assertThat(forPeer().getSpec().publicKeys()).containsExactly(key(1), key(2)));
        assertThat(acknowledgedKeys()).containsExactly(key(1));

        acknowledgeUntil(key(1), key(2));

        cluster.publish(key(2));
        within(SOON, () -> assertThat(acknowledgedKeys()).containsExactly(key(2)));
    }

    @Test
    void followsTheRotationOfThePeerAndSaysSoWhenTheGatewayDoes() {
        long both = setubal.advertise(PEER, List.of(key(7), key(8)), "198.51.100.8:51820")
                .getMetadata()
                .getGeneration();
        within(SOON, () -> assertThat(connection().getSpec().publicKeys()).containsExactly(key(7), key(8)));
        assertThat(seenGeneration()).isLessThan(both);

        cluster.connect(PEER);
        within(SOON, () -> assertThat(seenGeneration()).isEqualTo(both));

        setubal.advertise(PEER, List.of(key(8)), "198.51.100.8:51820");
        within(SOON, () -> assertThat(connection().getSpec().publicKeys()).containsExactly(key(8)));
        assertThat(connection().getMetadata().getManagedFields())
                .extracting(ManagedFieldsEntry::getManager)
                .contains("hawser-controller");
    }

    @Test
    void marksAPeerThatIsAwayAndTakesItBack() {
        cluster.disconnect(PEER);
        within(SOON, () -> {
            assertThat(status("NetworkReady")).isEqualTo("False");
            assertThat(status("APIServerReachable")).isEqualTo("Unknown");
            assertThat(status("Ready")).isEqualTo("False");
        });

        cluster.connect(PEER);
        within(SOON, () -> assertThat(status("Ready")).isEqualTo("True"));
    }

    private static void acknowledgeUntil(String... keys) {
        within(SOON, () -> {
            setubal.acknowledge(PEER);
            assertThat(acknowledgedKeys()).containsExactly(keys);
        });
    }

    private static List<String> acknowledgedKeys() {
        return Optional.ofNullable(cluster.get(ClusterGateway.class, NAMESPACE, "this")
                        .getStatus()
                        .acknowledged())
                .map(Announcement::publicKeys)
                .orElse(List.of());
    }

    private static long seenGeneration() {
        return Optional.ofNullable(forPeer().getStatus().seenOfYou())
                .map(SeenVersion::generation)
                .orElse(0L);
    }

    private static Advertisement forPeer() {
        return cluster.get(Advertisement.class, PEERS, PEER);
    }

    private static Connection connection() {
        return cluster.get(Connection.class, NAMESPACE, PEER);
    }

    private static String status(String condition) {
        Peering peering = cluster.get(Peering.class, NAMESPACE, PEER);
        return Conditions.of(peering.getStatus().conditions())
                .find(condition)
                .orElseThrow()
                .getStatus();
    }
}
