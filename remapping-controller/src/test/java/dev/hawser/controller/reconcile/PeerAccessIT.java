// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import static dev.hawser.controller.reconcile.InstalledCluster.NAMESPACE;
import static dev.hawser.controller.reconcile.InstalledCluster.PEERS;
import static dev.hawser.controller.reconcile.InstalledCluster.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.junit.SharedControlPlane;
import dev.hawser.lab.kubernetes.ControlPlane;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a peer may do here, and what is left of it when its Peering is gone. */
@RequiresLab
@ExtendWith(SharedControlPlane.class)
class PeerAccessIT {
    private static final Duration SOON = Duration.ofSeconds(45);

    private static InstalledCluster cluster;
    private static KubernetesClient asController;
    private static FabricController controller;

    @BeforeAll
    static void start(ControlPlane controlPlane) {
        cluster = InstalledCluster.on(controlPlane);
        asController = cluster.asController();
        controller = cluster.controller(asController, "peer-access-it");
    }

    @AfterAll
    static void stop() {
        controller.close();
        asController.close();
    }

    @Test
    void removesWhatAPeeringLeavesAndNamesItTheSameWhenItComesBack() {
        cluster.peer("returning");
        within(SOON, () -> assertThat(remaps("returning").externalCIDRs()).hasSize(2));
        RemappedRanges before = remaps("returning");

        credential("peer-returning-credential");

        cluster.client()
                .resource(cluster.get(Peering.class, NAMESPACE, "returning"))
                .delete();
        within(SOON, () -> {
            assertThat(cluster.get(Configuration.class, NAMESPACE, "returning")).isNull();
            assertThat(cluster.get(Connection.class, NAMESPACE, "returning")).isNull();
            assertThat(cluster.get(Advertisement.class, PEERS, "returning")).isNull();
            assertThat(accounts()).doesNotContain("returning");
            assertThat(roles()).doesNotContain("returning");
            for (String secret : List.of("peer-returning-credential", "peer-returning-kubeconfig")) {
                assertThat(cluster.client()
                                .secrets()
                                .inNamespace(NAMESPACE)
                                .withName(secret)
                                .get())
                        .isNull();
            }
        });
        cluster.peer("between");
        within(SOON, () -> assertThat(remaps("between").externalCIDRs()).hasSize(2));
        cluster.peer("returning");

        within(SOON, () -> assertThat(remaps("returning")).isEqualTo(before));
        assertThat(remaps("between").podCIDRs()).isNotEqualTo(before.podCIDRs());
    }

    @Test
    void removesWhatAnInterruptedRemovalLeft() {
        account("interrupted", Writer.LABELS);
        account("somebody-elses", Map.of());

        within(SOON, () -> assertThat(accounts()).doesNotContain("interrupted"));
        assertThat(accounts()).contains("somebody-elses");
    }

    @Test
    void letsAPeerReadOneObjectAndRenewItselfAndNothingElse() {
        cluster.peer("evora");
        within(SOON, () -> assertThat(may("get", "evora", "evora")).isEqualTo("yes\n"));

        Set<String> more = rights("evora", PEERS);
        more.removeAll(rights("default", PEERS));

        assertThat(more)
                .hasSize(2)
                .anySatisfy(right -> assertThat(right)
                        .contains("advertisements.networking.hawser.dev", "[evora]", "[get list watch]"))
                .anySatisfy(right -> assertThat(right).contains("serviceaccounts/token", "[evora]", "[create]"));
        assertThat(rights("evora", NAMESPACE)).isEqualTo(rights("default", NAMESPACE));
    }

    private static RemappedRanges remaps(String peerID) {
        Configuration configuration = cluster.get(Configuration.class, NAMESPACE, peerID);
        ConfigurationStatus status = configuration == null ? null : configuration.getStatus();
        return status == null || status.remote() == null ? new RemappedRanges(List.of(), List.of()) : status.remote();
    }

    private static void credential(String name) {
        cluster.client()
                .resource(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace(NAMESPACE)
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    private static void account(String name, Map<String, String> labels) {
        cluster.client()
                .resource(new ServiceAccountBuilder()
                        .withNewMetadata()
                        .withNamespace(PEERS)
                        .withName(name)
                        .withLabels(labels)
                        .endMetadata()
                        .build())
                .create();
    }

    private static List<String> roles() {
        return cluster.client().rbac().roles().inNamespace(PEERS).list().getItems().stream()
                .map(role -> role.getMetadata().getName())
                .toList();
    }

    private static List<String> accounts() {
        return cluster.client().serviceAccounts().inNamespace(PEERS).list().getItems().stream()
                .map(account -> account.getMetadata().getName())
                .toList();
    }

    /** What an identity of the peers' namespace may do in a namespace, a right per line. */
    private static Set<String> rights(String account, String namespace) {
        return cluster.controlPlane()
                .kubectl()
                .run("auth", "can-i", "--list", "-n", namespace, "--as=system:serviceaccount:" + PEERS + ":" + account)
                .lines()
                .map(line -> line.replaceAll(" +", " "))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether the identity of a peer may do this with an Advertisement. */
    private static String may(String verb, String account, String advertisement) {
        return cluster.controlPlane()
                .kubectl()
                .attempt(
                        "auth",
                        "can-i",
                        verb,
                        "advertisements.networking.hawser.dev/" + advertisement,
                        "-n",
                        PEERS,
                        "--as=system:serviceaccount:" + PEERS + ":" + account)
                .stdout();
    }
}
