// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.PoolSpec;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.ClusterGatewaySpec;
import dev.hawser.api.networking.ClusterGatewayStatus;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.cli.cluster.ClusterFacts;
import dev.hawser.cli.terminal.Json;
import dev.hawser.controller.plan.BlockPlan;
import dev.hawser.controller.plan.ClusterObjects;
import dev.hawser.controller.plan.OwnCluster;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Reservation;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PreflightTest {
    private static final ClusterFacts GENOA = cluster("genoa", "10.200.0.0/16", "key-1", List.of("198.51.100.2:51820"));

    @Test
    void tellsTheExactNamesForIdenticalRanges() {
        PreflightReport report = Preflight.of(GENOA, cluster("3rd-lisbon", "10.200.0.0/16", "key-2", List.of()));

        assertThat(report.problems()).isEmpty();
        assertThat(report.mapping())
                .containsExactly(
                        new PlannedName("genoa", "3rd-lisbon", "pod", "10.200.0.0/16", "10.71.0.0/16", false),
                        new PlannedName("genoa", "3rd-lisbon", "external", "10.70.0.0/16", "10.94.0.0/16", false),
                        new PlannedName("3rd-lisbon", "genoa", "pod", "10.200.0.0/16", "10.71.0.0/16", false),
                        new PlannedName("3rd-lisbon", "genoa", "external", "10.70.0.0/16", "10.94.0.0/16", false));
        assertThat(report.overlaps())
                .hasSize(4)
                .first()
                .isEqualTo(new RangeOverlap(
                        "genoa",
                        "3rd-lisbon",
                        "pod",
                        "10.200.0.0/16",
                        "10.200.0.0/16",
                        "ClusterGateway this (pod CIDR)",
                        "call it 10.71.0.0/16"));
    }

    @Test
    void keepsATrueRangeThatIsFree() {
        PreflightReport report = Preflight.of(GENOA, cluster("3rd-lisbon", "10.201.0.0/16", "key-2", List.of()));

        assertThat(report.mapping())
                .contains(new PlannedName("genoa", "3rd-lisbon", "pod", "10.201.0.0/16", "10.201.0.0/16", false));
    }

    @Test
    void refusesTwoClustersOfOneName() {
        PreflightReport report = Preflight.of(GENOA, cluster("genoa", "10.200.0.0/16", "key-2", List.of()));

        assertThat(report.problems()).singleElement().asString().startsWith("both clusters are called \"genoa\"");
        assertThat(report.mapping()).isEmpty();
    }

    @Test
    void refusesTwoClustersThatOnlyDialOut() {
        PreflightReport report = Preflight.of(
                cluster("genoa", "10.200.0.0/16", "key-1", List.of()),
                cluster("3rd-lisbon", "10.200.0.0/16", "key-2", List.of()));

        assertThat(report.problems())
                .singleElement()
                .asString()
                .startsWith("neither genoa nor 3rd-lisbon announces an endpoint");
    }

    @Test
    void refusesACopiedKey() {
        PreflightReport report = Preflight.of(GENOA, cluster("3rd-lisbon", "10.200.0.0/16", "key-1", List.of()));

        assertThat(report.problems()).singleElement().asString().startsWith("both gateways have the same public key");
    }

    @Test
    void refusesAnotherClusterOfAKnownName() {
        ClusterFacts lisbon = cluster("3rd-lisbon", "10.200.0.0/16", "key-2", List.of());

        PreflightReport report = Preflight.of(knowing(GENOA, lisbon, "key-1", "key-1"), lisbon);

        assertThat(report.problems())
                .singleElement()
                .asString()
                .startsWith("genoa has a Peering \"3rd-lisbon\" with another public key");
    }

    @Test
    void knowsAKeyThatWasAnnouncedInBand() {
        ClusterFacts lisbon = cluster("3rd-lisbon", "10.200.0.0/16", "key-2", List.of());

        PreflightReport report = Preflight.of(knowing(GENOA, lisbon, "key-1", "key-2"), lisbon);

        assertThat(report.problems()).isEmpty();
    }

    @Test
    void tellsWhatElseIsInTheWayOnEitherSide() {
        ClusterFacts genoa = new ClusterFacts(
                GENOA.gateway(),
                GENOA.proxy(),
                List.of(),
                objects(
                        GENOA.gateway(),
                        List.of(
                                network("porto", NetworkPurpose.Remapped, "10.201.128.0/17"),
                                network("lab", NetworkPurpose.Reserved, "10.201.4.0/24")),
                        List.of(new Reservation(Cidr.parse("10.201.0.7/32"), "Node worker-1"))));

        PreflightReport report = Preflight.of(genoa, cluster("3rd-lisbon", "10.201.0.0/16", "key-2", List.of()));

        assertThat(report.overlaps())
                .filteredOn(overlap -> overlap.cidr().equals("10.201.0.0/16"))
                .extracting(RangeOverlap::cluster, RangeOverlap::overlaps, RangeOverlap::heldBy)
                .containsExactlyInAnyOrder(
                        tuple("genoa", "10.201.0.7/32", "Node worker-1"),
                        tuple("genoa", "10.201.128.0/17", "a name of cluster porto"),
                        tuple("genoa", "10.201.4.0/24", "Network lab"));
        assertThat(report.mapping())
                .filteredOn(name -> name.in().equals("genoa") && name.role().equals("pod"))
                .extracting(PlannedName::remapped)
                .noneMatch("10.201.0.0/16"::equals);
    }

    @Test
    void showsRangesAndNamesToPeople() {
        String text = Preflight.of(GENOA, cluster("3rd-lisbon", "10.200.0.0/16", "key-2", List.of()))
                .text();

        assertThat(text)
                .contains("3rd-lisbon   10.200.0.0/16   10.95.0.0/16   10.70.0.0/16   none: dials out")
                .contains("genoa        pod 10.200.0.0/16 of 3rd-lisbon       10.71.0.0/16   will be granted")
                .containsPattern("genoa +pod 10.200.0.0/16 of 3rd-lisbon +10.200.0.0/16"
                        + " +ClusterGateway this \\(pod CIDR\\) +call it 10.71.0.0/16");
    }

    private static BlockPlan.Claim network(String name, NetworkPurpose purpose, String cidr) {
        OwnerReference owner =
                purpose == NetworkPurpose.Remapped ? new OwnerReference("Peering", name, "pod", cidr) : null;
        return new BlockPlan.Claim(
                name,
                "uid-" + name,
                new NetworkSpec(cidr, purpose, owner, List.of(), null),
                new NetworkStatus(cidr, List.of(), List.of(), List.of(), 1L));
    }

    /** The same cluster with a Peering: the peer's key of its bundle, and the one that the peer advertises now. */
    private static ClusterFacts knowing(ClusterFacts facts, ClusterFacts peer, String bundled, String advertised) {
        Peering peering = new Peering();
        peering.setMetadata(new ObjectMetaBuilder().withName(peer.id()).build());
        peering.setSpec(Json.read(
                "{\"clusterID\": \"%s\", \"publicKeys\": [\"%s\"]}".formatted(peer.id(), bundled), PeeringSpec.class));
        peering.setStatus(Json.read(
                "{\"advertised\": {\"uid\": \"u\", \"generation\": 1, \"publicKeys\": [\"%s\"]}}".formatted(advertised),
                PeeringStatus.class));
        return new ClusterFacts(facts.gateway(), facts.proxy(), List.of(peering), facts.objects());
    }

    private static ClusterFacts cluster(String id, String podCidr, String key, List<String> endpoints) {
        ClusterGateway gateway = new ClusterGateway();
        gateway.setSpec(new ClusterGatewaySpec(
                id,
                List.of(podCidr),
                List.of("10.95.0.0/16"),
                List.of("10.70.0.0/16"),
                null,
                List.of(),
                endpoints,
                null,
                null,
                null,
                Map.of(),
                List.of()));
        gateway.setStatus(
                new ClusterGatewayStatus(List.of(key), endpoints, null, null, null, List.of(), List.of(), 1L));
        return new ClusterFacts(gateway, new IP(), List.of(), objects(gateway, List.of(), List.of()));
    }

    private static ClusterObjects objects(
            ClusterGateway gateway, List<BlockPlan.Claim> networks, List<Reservation> nodes) {
        return new ClusterObjects(
                OwnCluster.of(gateway.getSpec(), gateway.getStatus()),
                Optional.of(new PoolSpec(List.of("10.0.0.0/8"), List.of())),
                List.of(),
                networks,
                List.of(),
                List.of(),
                nodes,
                List.of());
    }
}
