// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import static dev.hawser.controller.reconcile.InstalledCluster.NAMESPACE;
import static dev.hawser.controller.reconcile.InstalledCluster.PEERS;
import static dev.hawser.controller.reconcile.InstalledCluster.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.networking.Advertisement;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.junit.SharedControlPlane;
import dev.hawser.lab.kubernetes.ControlPlane;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@RequiresLab
@ExtendWith(SharedControlPlane.class)
class ReconcilersIT {
    /** What the house promises for a hand edit. */
    private static final Duration REPAIRED = Duration.ofSeconds(5);

    private static final Duration SOON = Duration.ofSeconds(45);

    private static InstalledCluster cluster;
    private static KubernetesClient asController;
    private static FabricController controller;

    @BeforeAll
    static void start(ControlPlane controlPlane) {
        cluster = InstalledCluster.on(controlPlane);
        asController = cluster.asController();
        controller = cluster.controller(asController, "reconcilers-it");
    }

    @AfterAll
    static void stop() {
        controller.close();
        asController.close();
    }

    @Test
    void exposesTheProxyUnderTheFirstAddressAfterTheGateway() {
        within(
                SOON,
                () -> assertThat(cluster.get(IP.class, NAMESPACE, "api-server-proxy")
                                .getStatus()
                                .externalIP())
                        .isEqualTo("10.70.0.2"));

        String service = cluster.client()
                .services()
                .inNamespace(NAMESPACE)
                .withName("api-server-proxy")
                .get()
                .getSpec()
                .getClusterIP();
        IPStatus status = cluster.get(IP.class, NAMESPACE, "api-server-proxy").getStatus();
        assertThat(status.ip()).isEqualTo(service);
        assertThat(status.externalIPs()).containsExactly("10.70.0.2", "fd00:10:70::2");
        assertThat(status.ips())
                .satisfiesExactly(
                        ip -> assertThat(ip).isEqualTo(service),
                        ip -> assertThat(ip).startsWith("fd00:10:96::"));
        assertThat(cluster.controlPlane()
                        .kubectl()
                        .run(
                                "get",
                                "clustergateway",
                                "-n",
                                NAMESPACE,
                                "this",
                                "-o",
                                "jsonpath={.status.conditions[?(@.type=='Ready')].status} {.status.publicKeys}"))
                .startsWith("True [");
    }

    @Test
    void turnsAPeeringIntoNamesAConnectionAndAccess() {
        cluster.peer("3rd-lisbon");

        within(SOON, () -> {
            Configuration configuration = cluster.get(Configuration.class, NAMESPACE, "3rd-lisbon");
            assertThat(configuration.getStatus().remappedPodCIDRs())
                    .hasSize(2)
                    .contains(podNetwork("3rd-lisbon").getStatus().cidr());
            assertThat(configuration.getStatus().remappedExternalCIDRs())
                    .satisfiesExactly(
                            cidr -> assertThat(cidr).startsWith("10.").endsWith("/16"),
                            cidr -> assertThat(cidr).startsWith("fd").endsWith("/112"));
            Connection connection = cluster.get(Connection.class, NAMESPACE, "3rd-lisbon");
            assertThat(connection.getSpec().endpoints()).containsExactly("198.51.100.7:51820");
            assertThat(connection.getSpec().persistentKeepalive()).isNull();
            Advertisement advertisement = cluster.get(Advertisement.class, PEERS, "3rd-lisbon");
            assertThat(advertisement.getSpec().proxy()).isEqualTo(new ProxyAddress("10.70.0.2", 8118));
            assertThat(advertisement.getSpec().remapOfYou())
                    .isEqualTo(configuration.getStatus().remote());
            assertThat(cluster.get(IP.class, NAMESPACE, "api-server-proxy")
                            .getStatus()
                            .ipMappings())
                    .containsEntry("3rd-lisbon", "10.70.0.2");
        });
    }

    @Test
    void saysHowAPeeringDoesAndHowItsApiServerIsReached() {
        cluster.peer("ericeira");

        within(SOON, () -> {
            Peering peering = cluster.get(Peering.class, NAMESPACE, "ericeira");
            assertThat(Conditions.of(peering.getStatus().conditions())
                            .find("Ready")
                            .orElseThrow()
                            .getReason())
                    .isEqualTo("NotConnected");
            assertThat(cluster.client()
                            .secrets()
                            .inNamespace(NAMESPACE)
                            .withName("peer-ericeira-kubeconfig")
                            .get())
                    .isNotNull();
            assertThat(cluster.client()
                            .v1()
                            .events()
                            .inNamespace(NAMESPACE)
                            .list()
                            .getItems())
                    .anySatisfy(event ->
                            assertThat(event.getInvolvedObject().getName()).isEqualTo("ericeira"));
        });
    }

    @Test
    void repairsWhatAHandEdited() {
        cluster.peer("edited");
        within(SOON, () -> assertThat(connection("edited")).isNotNull());
        within(SOON, () -> assertThat(remaps("edited").podCIDRs()).hasSize(2));
        RemappedRanges granted = remaps("edited");
        ConnectionSpec connection = connection("edited").getSpec();
        Network network = podNetwork("edited");

        renameByHand("edited", "10.199.0.0/16");
        cluster.client()
                .resources(Connection.class)
                .inNamespace(NAMESPACE)
                .withName("edited")
                .edit(edited -> {
                    edited.setSpec(new ConnectionSpec("edited", List.of(), List.of("192.0.2.66:1"), true, 1));
                    return edited;
                });
        cluster.client().resource(network).editStatus(edited -> {
            edited.setStatus(new NetworkStatus("10.198.0.0/16", List.of(), List.of(), List.of(), 1L));
            return edited;
        });

        within(REPAIRED, () -> {
            assertThat(remaps("edited")).isEqualTo(granted);
            assertThat(connection("edited").getSpec()).isEqualTo(connection);
            assertThat(podNetwork("edited").getStatus().cidr())
                    .isEqualTo(network.getStatus().cidr());
        });
    }

    @Test
    void keepsTheNameOfARangeThatThePeerReplaces() {
        cluster.peer("renumbered");
        within(SOON, () -> assertThat(remaps("renumbered").podCIDRs()).hasSize(2));
        String name = remaps("renumbered").podCIDRs().getFirst().remapped();

        cluster.client()
                .resources(Peering.class)
                .inNamespace(NAMESPACE)
                .withName("renumbered")
                .edit(edited -> {
                    edited.setSpec(
                            InstalledCluster.withPods(edited.getSpec(), List.of("10.210.0.0/16", "fd00:10:200::/56")));
                    return edited;
                });

        within(
                SOON,
                () -> assertThat(remaps("renumbered").podCIDRs())
                        .hasSize(3)
                        .contains(new RemappedRange("10.210.0.0/16", name), new RemappedRange("10.200.0.0/16", name)));
        within(
                InstalledCluster.RANGE_OVERLAP.plus(REPAIRED),
                () -> assertThat(remaps("renumbered").podCIDRs())
                        .hasSize(2)
                        .contains(new RemappedRange("10.210.0.0/16", name)));
        assertThat(podNetwork("renumbered").getSpec().trueCIDR()).isEqualTo("10.210.0.0/16");
    }

    @Test
    void followsAServiceThatIsCreatedAgainUnderTheSameAddress() {
        String first = cluster.service("web", null);
        cluster.expose("web", "web");
        within(SOON, () -> assertThat(cluster.ip("web").getStatus().ip()).isEqualTo(first));
        String external = cluster.ip("web").getStatus().externalIP();
        assertThat(external).isNotNull();

        cluster.client().services().inNamespace("default").withName("web").delete();
        within(SOON, () -> assertThat(reason("web")).isEqualTo("NoService"));
        assertThat(externalIp("web")).isEqualTo(external);
        String second = cluster.service("web", null);

        within(SOON, () -> assertThat(cluster.ip("web").getStatus().ip()).isEqualTo(second));
        assertThat(second).isNotEqualTo(first);
        within(
                SOON,
                () -> assertThat(cluster.ip("web").getStatus().externalIP()).isEqualTo(external));
    }

    @Test
    void givesAnIpThatIsCreatedAgainItsAddressBack() {
        cluster.service("again", null);
        cluster.service("other", null);
        cluster.expose("again", "again");
        within(SOON, () -> assertThat(externalIp("again")).isNotNull());
        String external = externalIp("again");

        cluster.client().resource(cluster.ip("again")).delete();
        within(
                SOON,
                () -> assertThat(cluster.get(Network.class, NAMESPACE, "external-10.70.0.0-16")
                                .getStatus()
                                .released())
                        .anySatisfy(released -> assertThat(released.address()).isEqualTo(external)));
        cluster.expose("other", "other");
        within(SOON, () -> assertThat(externalIp("other")).isNotNull());
        cluster.expose("again", "again");

        within(SOON, () -> assertThat(externalIp("again")).isEqualTo(external));
        assertThat(externalIp("other")).isNotEqualTo(external);
    }

    @Test
    void followsAServiceFromTwoFamiliesToOneAndBack() {
        cluster.service("dual", null);
        cluster.expose("dual", "dual");
        within(
                SOON,
                () -> assertThat(cluster.ip("dual").getStatus().externalIPs()).hasSize(2));
        List<String> both = cluster.ip("dual").getStatus().externalIPs();

        families("dual", "SingleStack");
        within(
                SOON,
                () -> assertThat(cluster.ip("dual").getStatus().externalIPs()).isEqualTo(both.subList(0, 1)));
        families("dual", "PreferDualStack");

        within(
                SOON,
                () -> assertThat(cluster.ip("dual").getStatus().externalIPs()).isEqualTo(both));
        assertThat(cluster.ip("dual").getStatus().ips()).hasSize(2);
    }

    @Test
    void refusesWhatWouldExposeMoreThanItsAuthorMay() {
        Map<String, String> guarded = Map.of(
                "loopback", "127.0.0.1",
                "metadata", "169.254.169.254",
                "api-server", "10.96.0.1");
        guarded.forEach(cluster::exposeAddress);

        guarded.forEach((name, _) -> within(SOON, () -> {
            Conditions conditions = Conditions.of(cluster.ip(name).getStatus().conditions());
            assertThat(conditions.holds("Refused")).isTrue();
            assertThat(conditions.find("Ready").orElseThrow().getStatus()).isEqualTo("False");
            assertThat(externalIp(name)).isNull();
        }));
    }

    @Test
    void namesTheIpThatHasTheTargetAlready() {
        cluster.exposeAddress("first", "192.0.2.10");
        within(SOON, () -> assertThat(externalIp("first")).isNotNull());
        cluster.exposeAddress("second", "192.0.2.10");

        within(SOON, () -> {
            Conditions conditions =
                    Conditions.of(cluster.ip("second").getStatus().conditions());
            assertThat(conditions.holds("Conflict")).isTrue();
            assertThat(conditions.find("Conflict").orElseThrow().getMessage()).contains("IP default/first");
        });
        cluster.client().resource(cluster.ip("first")).delete();
        within(SOON, () -> assertThat(externalIp("second")).isNotNull());
    }

    @Test
    void givesAPodNoExternalAddress() {
        cluster.exposeAddress("pod", "10.200.3.4");

        within(SOON, () -> assertThat(reason("pod")).isEqualTo("PodAddress"));
        assertThat(externalIp("pod")).isNull();
    }

    @Test
    void takesBackWhatAGatewaySaidThatShowsNoSignOfLife() {
        cluster.peer("porto-santo");
        within(SOON, () -> assertThat(connection("porto-santo")).isNotNull());
        try {
            cluster.showGatewayAlive();
            cluster.connect("porto-santo");
            Awaitility.await()
                    .pollInterval(Duration.ofMillis(500))
                    .during(Duration.ofSeconds(4))
                    .atMost(Duration.ofSeconds(8))
                    .until(() -> {
                        cluster.showGatewayAlive();
                        return connection("porto-santo").getStatus().phase() == ConnectionPhase.Connected;
                    });

            // Nobody renews the Lease from here on.
            within(Duration.ofSeconds(5), () -> {
                ConnectionStatus status = connection("porto-santo").getStatus();
                assertThat(status.phase()).isEqualTo(ConnectionPhase.Connecting);
                assertThat(status.message()).contains("no sign of life");
                assertThat(status.transport()).isEqualTo("wireguard/udp");
                assertThat(Conditions.of(status.conditions()).holds("Connected"))
                        .isFalse();
            });
        } finally {
            cluster.forgetGateway();
        }
    }

    private static void families(String service, String policy) {
        cluster.client().services().inNamespace("default").withName(service).edit(edited -> {
            edited.getSpec().setIpFamilyPolicy(policy);
            if (policy.equals("SingleStack")) {
                edited.getSpec().setIpFamilies(edited.getSpec().getIpFamilies().subList(0, 1));
                edited.getSpec().setClusterIPs(edited.getSpec().getClusterIPs().subList(0, 1));
            }
            return edited;
        });
    }

    private static void renameByHand(String peerID, String cidr) {
        Configuration configuration = cluster.get(Configuration.class, NAMESPACE, peerID);
        configuration.setStatus(new ConfigurationStatus(
                new RemappedRanges(List.of(new RemappedRange("10.200.0.0/16", cidr)), List.of()),
                List.of(),
                List.of(cidr),
                List.of(),
                List.of(),
                1L));
        cluster.client().resource(configuration).updateStatus();
    }

    private static RemappedRanges remaps(String peerID) {
        Configuration configuration = cluster.get(Configuration.class, NAMESPACE, peerID);
        ConfigurationStatus status = configuration == null ? null : configuration.getStatus();
        return status == null || status.remote() == null ? new RemappedRanges(List.of(), List.of()) : status.remote();
    }

    private static Connection connection(String peerID) {
        return cluster.get(Connection.class, NAMESPACE, peerID);
    }

    private static Network podNetwork(String peerID) {
        return cluster.get(Network.class, NAMESPACE, peerID + "-pod-10.200.0.0-16");
    }

    private static @Nullable String externalIp(String name) {
        IPStatus status = cluster.ip(name).getStatus();
        return status == null ? null : status.externalIP();
    }

    private static String reason(String name) {
        return Conditions.of(cluster.ip(name).getStatus().conditions())
                .find("Ready")
                .orElseThrow()
                .getReason();
    }
}
