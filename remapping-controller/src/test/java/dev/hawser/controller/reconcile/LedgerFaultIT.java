// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import static dev.hawser.controller.reconcile.InstalledCluster.NAMESPACE;
import static dev.hawser.controller.reconcile.InstalledCluster.within;
import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ipam.BlockIntent;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Network;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.ipam.PoolStatus;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.junit.SharedControlPlane;
import dev.hawser.lab.kubernetes.ControlPlane;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two replicas that both believe to lead, at one API server: a lost Lease, a clock that jumped. */
@RequiresLab
@ExtendWith(SharedControlPlane.class)
class LedgerFaultIT {
    private static final Duration SOON = Duration.ofSeconds(45);
    private static final int MANY = 8;

    private InstalledCluster cluster;
    private final List<Replica> replicas = new ArrayList<>();

    /** The grants of one replica, without its election. */
    private record Replica(KubernetesClient client, ClusterView view, BlockLedger blocks, IpReconciler ips) {
        static Replica of(InstalledCluster cluster, String identity) {
            KubernetesClient client = cluster.asController();
            Scope scope = InstalledCluster.scope(identity);
            ClusterView view = new ClusterView(client, scope);
            Triggers triggers = new Triggers(scope.namespace());
            view.start(new ViewEvents(view, triggers, () -> {}, UnaryOperator.identity()));
            InstantSource clock = InstantSource.system();
            Announcer announcer = new Announcer(client, identity, clock);
            GrantMetrics metrics = new GrantMetrics(new SimpleMeterRegistry());
            BlockLedger blocks =
                    new BlockLedger(client, new Writer(client, view), view, scope, clock, announcer, metrics);
            return new Replica(
                    client, view, blocks, new IpReconciler(client, triggers, view, announcer, scope, clock, metrics));
        }
    }

    @BeforeEach
    void start(ControlPlane controlPlane) {
        cluster = InstalledCluster.on(controlPlane);
        prepareExternalNetwork();
        replicas.add(Replica.of(cluster, "one"));
        replicas.add(Replica.of(cluster, "two"));
        // The first address is the proxy's in every cluster; the other tests count on that too.
        replicas.getFirst().ips().settle(cluster.get(IP.class, NAMESPACE, "api-server-proxy"));
    }

    @AfterEach
    void stop() {
        replicas.forEach(replica -> {
            replica.view().close();
            replica.client().close();
        });
    }

    @Test
    void neverGiveOneBlockToTwoOwners() throws InterruptedException {
        IntStream.range(0, MANY).forEach(i -> claim("rival-" + i));

        together(replica -> replica.blocks().settle());

        within(SOON, () -> {
            replicas.forEach(replica -> replica.blocks().settle());
            assertThat(granted()).hasSizeGreaterThanOrEqualTo(MANY);
        });
        List<Cidr> blocks = granted();
        for (int i = 0; i < blocks.size(); i++) {
            for (int j = i + 1; j < blocks.size(); j++) {
                assertThat(blocks.get(i).overlaps(blocks.get(j))).isFalse();
            }
        }
        assertThat(pool().getStatus().intents()).isEmpty();
    }

    @Test
    void neverGiveOneAddressToTwoExposures() throws InterruptedException {
        IntStream.range(0, MANY).forEach(i -> cluster.exposeAddress("rival-" + i, "192.0.2." + (100 + i)));
        List<IP> ips =
                IntStream.range(0, MANY).mapToObj(i -> cluster.ip("rival-" + i)).toList();

        together(replica -> ips.forEach(replica.ips()::settle));

        within(SOON, () -> assertThat(addresses()).hasSize(MANY));
        assertThat(addresses()).doesNotHaveDuplicates();
    }

    @Test
    void completeWhatAReplicaLeftWhenItDied() {
        Network network = claim("orphan");
        Pool pool = pool();
        pool.setStatus(new PoolStatus(
                List.of(new BlockIntent(owner("orphan"), network.getMetadata().getUid(), "10.177.0.0/16")),
                List.of(),
                List.of(),
                1L));
        cluster.client().resource(pool).updateStatus();

        within(SOON, () -> {
            replicas.getFirst().blocks().settle();
            assertThat(cluster.get(Network.class, NAMESPACE, "orphan")
                            .getStatus()
                            .cidr())
                    .isEqualTo("10.177.0.0/16");
            assertThat(pool().getStatus().intents()).isEmpty();
        });
    }

    private void together(Consumer<Replica> work) throws InterruptedException {
        List<Thread> threads = replicas.stream()
                .map(replica -> Thread.ofVirtual().start(() -> work.accept(replica)))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private List<Cidr> granted() {
        return cluster.client().resources(Network.class).inNamespace(NAMESPACE).list().getItems().stream()
                .filter(network -> network.getSpec().purpose() == NetworkPurpose.Remapped)
                .map(Network::getStatus)
                .filter(Objects::nonNull)
                .map(status -> Cidr.parse(Objects.requireNonNull(status.cidr())))
                .toList();
    }

    private List<String> addresses() {
        return IntStream.range(0, MANY)
                .mapToObj(i -> cluster.ip("rival-" + i).getStatus())
                .map(status -> Objects.requireNonNull(status.externalIP()))
                .toList();
    }

    private Network claim(String name) {
        Network network = new Network();
        network.setMetadata(
                new ObjectMetaBuilder().withNamespace(NAMESPACE).withName(name).build());
        network.setSpec(new NetworkSpec("10.200.0.0/16", NetworkPurpose.Remapped, owner(name), List.of(), null));
        return cluster.client().resource(network).create();
    }

    /** Of no Peering, so that nobody sweeps it away. */
    private static OwnerReference owner(String name) {
        return new OwnerReference("Test", name, "pod", "10.200.0.0/16");
    }

    private Pool pool() {
        return cluster.get(Pool.class, NAMESPACE, ObjectNames.POOL);
    }

    /** What the loop of the ClusterGateway and of Networks do, so that this test needs no leader. */
    private void prepareExternalNetwork() {
        String name = ObjectNames.externalNetwork(Cidr.parse("10.70.0.0/16"));
        new Writer(cluster.client(), Writer.LastRead.NOTHING)
                .put(
                        Network.class,
                        Network::new,
                        NAMESPACE,
                        name,
                        new NetworkSpec(
                                "10.70.0.0/16",
                                NetworkPurpose.External,
                                new OwnerReference("ClusterGateway", InstalledCluster.ID, "external", "10.70.0.0/16"),
                                List.of(),
                                null));
        new Writer(cluster.client(), Writer.LastRead.NOTHING)
                .<NetworkSpec, NetworkStatus, Network>putStatus(
                        Network.class,
                        Network::new,
                        NAMESPACE,
                        name,
                        status -> status == null
                                ? new NetworkStatus("10.70.0.0/16", List.of(), List.of(), List.of(), 1L)
                                : status);
    }
}
