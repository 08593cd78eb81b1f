// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.Pool;
import dev.hawser.api.ipam.PoolSpec;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.ClusterGatewaySpec;
import dev.hawser.api.networking.ClusterGatewayStatus;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.cli.cluster.ClusterFacts;
import dev.hawser.cli.terminal.Json;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
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
                .isEqualTo("pod CIDR 10.200.0.0/16 of 3rd-lisbon overlaps 10.200.0.0/16 in genoa:"
                        + " ClusterGateway this (pod CIDR)");
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
    void showsRangesAndNamesToPeople() {
        String text = Preflight.of(GENOA, cluster("3rd-lisbon", "10.200.0.0/16", "key-2", List.of()))
                .text();

        assertThat(text)
                .contains("3rd-lisbon   10.200.0.0/16   10.95.0.0/16   10.70.0.0/16   none: dials out")
                .contains("genoa        pod 10.200.0.0/16 of 3rd-lisbon       10.71.0.0/16   will be granted");
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
        return new ClusterFacts(
                facts.id(),
                facts.gateway(),
                facts.proxy(),
                facts.pools(),
                facts.networks(),
                List.of(peering),
                facts.nodeAddresses());
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
        gateway.setStatus(new ClusterGatewayStatus(List.of(key), endpoints, null, null, null, List.of(), List.of(), 1L));
        Pool pool = new Pool();
        pool.setMetadata(new ObjectMetaBuilder().withName("default").build());
        pool.setSpec(new PoolSpec(List.of("10.0.0.0/8"), List.of()));
        return new ClusterFacts(id, gateway, new IP(), List.of(pool), List.of(), List.of(), List.of());
    }
}
