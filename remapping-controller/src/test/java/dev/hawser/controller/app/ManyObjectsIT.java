// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.app;

import static dev.hawser.controller.reconcile.InstalledCluster.NAMESPACE;
import static dev.hawser.controller.reconcile.InstalledCluster.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.controller.plan.BlockPlan;
import dev.hawser.controller.reconcile.InstalledCluster;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.junit.SharedControlPlane;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.process.ChildProcess;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Hundreds of exposures and tens of peers at once, and the controller's death while it grants. */
@RequiresLab
@ExtendWith(SharedControlPlane.class)
class ManyObjectsIT {
    private static final int IPS = 500;
    private static final int PEERS = 50;
    private static final int HANDS = 16;
    private static final int SAMPLES = 25;
    private static final Duration SOON = Duration.ofSeconds(45);
    /** What a person would take for broken; how long it took is reported. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    @TempDir
    private Path folder;

    private InstalledCluster cluster;
    private ReplicaProcesses replicas;

    @BeforeEach
    void install(ControlPlane controlPlane) {
        cluster = InstalledCluster.on(controlPlane);
        replicas = new ReplicaProcesses(cluster, folder);
    }

    /** Other tests count on the first addresses and blocks. */
    @AfterEach
    void clean() {
        KubernetesClient client = cluster.client();
        client.resources(IP.class).inNamespace("default").delete();
        client.resources(Peering.class).inNamespace(NAMESPACE).delete();
        for (Network network : networks()) {
            if (network.getSpec().owner() != null) {
                client.resource(network).delete();
            } else if (network.getStatus() != null) {
                client.resource(network).editStatus(ManyObjectsIT::forgetting);
            }
        }
    }

    /** How long a controller takes that nobody kills; the other test shows everything else. */
    @Test
    @Tag("long")
    void settlesManyAtOnce() throws IOException {
        try (ChildProcess _ = replicas.start("alone")) {
            awaitWork("alone");
            long start = System.nanoTime();
            create("first-", IPS, PEERS);
            slowly(() -> settled("first-", IPS, PEERS));
            report("undisturbed", start);
        }
    }

    @Test
    void settlesManyAlsoWhenTheControllerIsKilledInTheMiddle() throws IOException {
        try (ChildProcess victim = replicas.start("victim")) {
            awaitWork("victim");
            long start = System.nanoTime();
            create("second-", IPS, PEERS);
            slowly(() -> assertThat(grants()).hasSizeGreaterThan(IPS / 4));
            victim.kill();
            Map<String, String> granted = grants();
            assertThat(granted).as("grants when it was killed").hasSizeLessThan(IPS + 4 * PEERS);
            try (ChildProcess _ = replicas.start("heir")) {
                slowly(() -> settled("second-", IPS, PEERS));
                report("killed after " + granted.size() + " grants", start);
                assertThat(grants()).as("what was granted before stays").containsAllEntriesOf(granted);
            }
        }
    }

    /** The first address is the proxy's in every cluster; the other tests count on that. */
    private void awaitWork(String leader) {
        within(SOON, () -> {
            assertThat(replicas.leader()).isEqualTo(leader);
            assertThat(cluster.get(IP.class, NAMESPACE, "api-server-proxy")
                            .getStatus()
                            .externalIP())
                    .isEqualTo("10.70.0.2");
        });
    }

    /** Many hands, so that they come at once. */
    private void create(String prefix, int ips, int peers) {
        List<Callable<Object>> all = new ArrayList<>();
        IntStream.range(0, peers).forEach(i -> all.add(() -> cluster.peer(prefix + i)));
        IntStream.range(0, ips)
                .forEach(i -> all.add(() ->
                        cluster.exposeAddress(prefix + i, "172.28.%d.%d".formatted(i / 250, i % 250 + 1))));
        try (ExecutorService hands = Executors.newFixedThreadPool(HANDS)) {
            for (Future<Object> created : hands.invokeAll(all)) {
                created.get();
            }
        } catch (InterruptedException | ExecutionException e) {
            throw new AssertionError("not everything could be created", e);
        }
    }

    private void settled(String prefix, int ips, int peers) {
        // Some first: to read all is work for the API server that is being measured.
        for (int i = 0; i < ips; i += ips / SAMPLES) {
            assertThat(cluster.ip(prefix + i).getStatus().ipMappings()).hasSizeGreaterThanOrEqualTo(peers);
        }
        List<IP> exposures = ours(IP.class, "default", prefix);
        assertThat(exposures).hasSize(ips).allSatisfy(ip -> {
            assertThat(Conditions.of(ip.getStatus().conditions()).holds("Ready"))
                    .isTrue();
            assertThat(ip.getStatus().ipMappings()).hasSizeGreaterThanOrEqualTo(peers);
        });
        assertThat(ours(Configuration.class, NAMESPACE, prefix)).hasSize(peers).allSatisfy(configuration -> {
            RemappedRanges names =
                    Objects.requireNonNull(configuration.getStatus().remote());
            assertThat(names.podCIDRs()).hasSize(2);
            assertThat(names.externalCIDRs()).hasSize(2);
        });
        List<String> addresses = cluster.client().resources(IP.class).inAnyNamespace().list().getItems().stream()
                .flatMap(ip -> ip.getStatus().externalIPs().stream())
                .toList();
        assertThat(addresses).doesNotHaveDuplicates();
        List<Cidr> blocks = networks().stream()
                .filter(network -> network.getSpec().owner() != null)
                .map(network -> BlockPlan.recorded(network.getStatus()).orElseThrow())
                .sorted()
                .toList();
        IntStream.range(1, blocks.size())
                .forEach(i -> assertThat(blocks.get(i - 1).overlaps(blocks.get(i)))
                        .as(blocks.get(i - 1) + " and " + blocks.get(i))
                        .isFalse());
    }

    /** Every address and block by the name of its object. */
    private Map<String, String> grants() {
        Map<String, String> grants = new TreeMap<>();
        for (IP ip : cluster.client()
                .resources(IP.class)
                .inNamespace("default")
                .list()
                .getItems()) {
            if (ip.getStatus() != null && ip.getStatus().externalIP() != null) {
                grants.put("IP " + ip.getMetadata().getName(), ip.getStatus().externalIP());
            }
        }
        for (Network network : networks()) {
            if (network.getSpec().owner() != null
                    && network.getStatus() != null
                    && network.getStatus().cidr() != null) {
                grants.put(
                        "Network " + network.getMetadata().getName(),
                        network.getStatus().cidr());
            }
        }
        return grants;
    }

    private List<Network> networks() {
        return cluster.client()
                .resources(Network.class)
                .inNamespace(NAMESPACE)
                .list()
                .getItems();
    }

    private <C extends CustomResource<?, ?>> List<C> ours(Class<C> type, String namespace, String prefix) {
        return cluster.client().resources(type).inNamespace(namespace).list().getItems().stream()
                .filter(object -> object.getMetadata().getName().startsWith(prefix))
                .toList();
    }

    private static Network forgetting(Network network) {
        NetworkStatus old = network.getStatus();
        network.setStatus(
                new NetworkStatus(old.cidr(), old.intents(), List.of(), old.conditions(), old.observedGeneration()));
        return network;
    }

    /** Every look reads megabytes from the API server that is being measured. */
    private static void slowly(ThrowingRunnable holds) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreException(NullPointerException.class)
                .untilAsserted(holds);
    }

    private static void report(String what, long start) {
        System.err.printf("%d IPs and %d peers, %s: %.1f s%n", IPS, PEERS, what, (System.nanoTime() - start) / 1e9);
    }
}
