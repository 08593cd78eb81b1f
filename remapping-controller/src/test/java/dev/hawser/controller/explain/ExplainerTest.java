// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.AddressIntent;
import dev.hawser.api.ipam.BlockIntent;
import dev.hawser.api.ipam.IPSpec;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.ReleasedAddress;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.FormerRange;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.controller.explain.Explanation.Elsewhere;
import dev.hawser.controller.explain.Explanation.Inbound;
import dev.hawser.controller.explain.Explanation.Meaning;
import dev.hawser.controller.plan.BlockPlan;
import dev.hawser.controller.plan.ClusterObjects;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.Reservation;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainerTest {
    private static final ClusterObjects GENOA = Fabric.twins().objects("genoa");
    private static final Cidr EXTERNALS = Cidr.parse("10.70.0.0/16");

    @Test
    void tellsOfAPodWhatThePeerDials() {
        Explanation explanation = explain(GENOA, "10.200.1.5");

        assertThat(first(explanation).kind()).isEqualTo(Kind.POD);
        assertThat(explanation.inbound())
                .containsExactly(new Inbound(
                        "3rd-lisbon",
                        Optional.of(IpAddress.parse("10.71.1.5")),
                        "it names our 10.200.0.0/16 10.71.0.0/16"));
        assertThat(explanation.outbound().dial()).contains(IpAddress.parse("10.200.1.5"));
    }

    @Test
    void tellsPlainlyThatTheSameNumberIsAPodOfThePeer() {
        assertThat(explain(GENOA, "10.200.1.5").elsewhere())
                .containsExactly(new Elsewhere(
                        "3rd-lisbon",
                        Kind.PEER_POD,
                        Cidr.parse("10.200.0.0/16"),
                        Optional.of(IpAddress.parse("10.71.1.5")),
                        "in 3rd-lisbon this number is a pod address of 3rd-lisbon, in 10.200.0.0/16; from here that"
                                + " one is 10.71.1.5"));
    }

    @Test
    void tellsWhereANameLeadsAndWhatIsThere() {
        Explanation explanation = explain(GENOA, "10.94.0.3");

        assertThat(first(explanation).kind()).isEqualTo(Kind.PEER_EXTERNAL);
        assertThat(first(explanation).truth()).contains(IpAddress.parse("10.70.0.3"));
        assertThat(first(explanation).text())
                .isEqualTo("the name of 10.70.0.3, IP default/exposed-0 of 3rd-lisbon, TCP 8118 only");
        assertThat(explanation.outbound().arrivesAs()).contains(IpAddress.parse("10.70.0.3"));
        assertThat(explanation.inbound())
                .extracting(Inbound::dials)
                .containsExactly(Optional.of(IpAddress.parse("10.70.0.3")));
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, SPECIAL",
        "fe80::1, SPECIAL",
        "10.200.0.0, POD",
        "fd00:10:200::5, POD",
        "10.95.0.1, SERVICE",
        "10.95.245.141, SERVICE",
        "10.70.0.0, UNUSABLE",
        "10.70.255.255, UNUSABLE",
        "10.70.0.1, GATEWAY",
        "10.70.0.3, EXTERNAL",
        "10.70.0.9, FREE",
        "fd00:10:70::1, GATEWAY",
        "fd00:10:70::4, EXTERNAL",
        "10.71.7.9, PEER_POD",
        "10.94.0.1, PEER_GATEWAY",
        "10.94.0.2, PEER_EXTERNAL",
        "10.94.0.0, PEER_UNUSABLE",
        "10.250.3.4, RESERVED",
        "10.33.0.1, IN_POOL",
        "fd77::1, IN_POOL",
        "203.0.113.9, FOREIGN",
        "2001:db8::1, FOREIGN",
    })
    void namesEveryKind(String address, Kind kind) {
        assertThat(first(explain(GENOA, address)).kind()).isEqualTo(kind);
    }

    @Test
    void namesTheProxyThatTheBundleTellsOf() {
        assertThat(first(explain(GENOA, "10.94.0.2")).text())
                .isEqualTo("the name of 10.70.0.2, the API server proxy of 3rd-lisbon, port 8118");
    }

    @Test
    void tellsOfAnExposedServiceItsExternalAddressAndHowEachPeerDialsIt() {
        Explanation explanation = explain(GENOA, "10.95.245.141");

        assertThat(explanation.here()).extracting(Meaning::kind).containsExactly(Kind.SERVICE, Kind.EXPOSED);
        assertThat(explanation.inbound())
                .containsExactly(new Inbound(
                        "3rd-lisbon",
                        Optional.of(IpAddress.parse("10.94.0.3")),
                        "it names our 10.70.0.0/16 10.94.0.0/16, which is IP default/exposed-0, TCP 8118 only"));
        assertThat(explain(GENOA, "10.70.0.3").inbound()).isEqualTo(explanation.inbound());
        assertThat(explain(GENOA, "10.70.0.3").outbound().dial()).contains(IpAddress.parse("10.95.245.141"));
    }

    @Test
    void tellsWhoIsNotAdmitted() {
        Fabric.Site site = Fabric.twins().site("genoa");
        IpAddress local = IpAddress.parse("10.95.245.141");
        ClusterObjects closed = with(GENOA, List.of(Fabric.exposure(site, local, List.of("porto"))));

        assertThat(explain(closed, "10.70.0.3").inbound())
                .containsExactly(new Inbound(
                        "3rd-lisbon", Optional.empty(), "IP default/exposed-0 does not admit it in spec.peers"));
    }

    @Test
    void tellsOfAnExposureThatIsRefused() {
        ClusterObjects refused = with(
                GENOA,
                List.of(new ClusterObjects.Exposure(
                        "default",
                        "guarded",
                        new IPSpec(null, "10.95.0.1", null, List.of(), List.of("*"), null),
                        new IPStatus(
                                "10.95.0.1",
                                List.of("10.95.0.1"),
                                "10.70.0.5",
                                List.of("10.70.0.5"),
                                Map.of(),
                                List.of(),
                                Conditions.of(List.of())
                                        .with("Refused", new Verdict.Holds("TargetGuarded", ""), 1, Instant.EPOCH)
                                        .with("Ready", new Verdict.Fails("Refused", "it is guarded"), 1, Instant.EPOCH)
                                        .toList(),
                                1L))));

        assertThat(explain(refused, "10.70.0.5").inbound())
                .containsExactly(new Inbound(
                        "3rd-lisbon", Optional.empty(), "IP default/guarded lets nobody through: it is guarded"));
    }

    @Test
    void tellsWhatIsPromisedAndWhatCoolsDown() {
        ClusterObjects cluster = new ClusterObjects(
                GENOA.own(),
                GENOA.pool(),
                List.of(new BlockIntent(
                        new OwnerReference("Peering", "porto", "pod", "10.210.0.0/16"), "u", "10.210.0.0/16")),
                List.of(
                        network(
                                "external-10.70.0.0-16",
                                NetworkPurpose.External,
                                null,
                                new NetworkStatus(
                                        "10.70.0.0/16",
                                        List.of(new AddressIntent("a", "b", "u", "10.95.0.9", "10.70.0.6")),
                                        List.of(new ReleasedAddress("c", "d", "10.70.0.7", "2026-03-01T12:00:00Z")),
                                        List.of(),
                                        1L)),
                        network(
                                "gone-pod",
                                NetworkPurpose.Remapped,
                                new OwnerReference("Peering", "gone", "pod", "10.220.0.0/16"),
                                new NetworkStatus("10.220.0.0/16", List.of(), List.of(), List.of(), 1L))),
                GENOA.peers(),
                GENOA.exposures(),
                List.of(new Reservation(Cidr.parse("192.0.2.7/32"), "Node worker-1")),
                List.of());

        assertThat(first(explain(cluster, "10.70.0.6")).text())
                .isEqualTo("an external address that is promised to IP a/b");
        assertThat(first(explain(cluster, "10.70.0.7")).text())
                .isEqualTo("an external address that was given back by IP c/d at 2026-03-01T12:00:00Z and is kept for"
                        + " it for a while");
        assertThat(first(explain(cluster, "10.210.0.1")).text())
                .isEqualTo("part of 10.210.0.0/16, which is promised to the pod CIDR 10.210.0.0/16 of porto");
        assertThat(first(explain(cluster, "10.220.0.1")).text())
                .isEqualTo("part of 10.220.0.0/16, which is granted to the pod CIDR 10.220.0.0/16 of gone; that has no"
                        + " Peering any more, and the block is kept for it for a while");
        assertThat(first(explain(cluster, "192.0.2.7")).object()).contains("Node worker-1");
    }

    @Test
    void tellsWhatKeepsPacketsFromPassing() {
        ClusterObjects.Peer peer = GENOA.peers().getFirst();
        PeeringStatus status = Objects.requireNonNull(peer.status());
        ClusterObjects away = withPeer(new ClusterObjects.Peer(
                peer.spec(),
                new PeeringStatus(null, null, "Connecting", null, status.advertised(), List.of(), 1L),
                peer.configuration()));

        assertThat(explain(away, "10.71.1.5").outbound().text())
                .endsWith("; at present nothing passes, for Connection 3rd-lisbon is Connecting");
        assertThat(explain(away, "10.200.1.5").inbound().getFirst().text())
                .endsWith("; at present nothing passes, for Connection 3rd-lisbon is Connecting");
    }

    @Test
    void saysWhatAPeerHasNotToldYet() {
        ClusterObjects.Peer peer = GENOA.peers().getFirst();
        ClusterObjects silent = withPeer(new ClusterObjects.Peer(peer.spec(), null, null));

        assertThat(explain(silent, "10.200.1.5").inbound())
                .containsExactly(
                        new Inbound("3rd-lisbon", Optional.empty(), "it has not told us yet how it names our ranges"));
        assertThat(explain(silent, "10.200.1.5").elsewhere())
                .extracting(Elsewhere::text)
                .containsExactly("in 3rd-lisbon this number is a pod address of 3rd-lisbon, in 10.200.0.0/16;"
                        + " it has no name here yet");
    }

    @Test
    void knowsARangeThatThePeerHasLeft() {
        ClusterObjects.Peer peer = GENOA.peers().getFirst();
        PeeringSpec moved = new PeeringSpec(
                "3rd-lisbon",
                List.of(),
                List.of(),
                List.of("10.210.0.0/16"),
                List.of("10.70.0.0/16"),
                null,
                null,
                null,
                null,
                null,
                null);
        ClusterObjects cluster = withPeer(new ClusterObjects.Peer(
                moved,
                peer.status(),
                new ConfigurationStatus(
                        new RemappedRanges(
                                List.of(
                                        new RemappedRange("10.210.0.0/16", "10.71.0.0/16"),
                                        new RemappedRange("10.200.0.0/16", "10.71.0.0/16")),
                                List.of(new RemappedRange("10.70.0.0/16", "10.94.0.0/16"))),
                        List.of(new FormerRange("10.200.0.0/16", "2026-03-01T12:10:00Z")),
                        List.of(),
                        List.of(),
                        List.of(),
                        1L)));

        assertThat(first(explain(cluster, "10.71.1.5")).truth()).contains(IpAddress.parse("10.210.1.5"));
        assertThat(explain(cluster, "10.200.1.5").elsewhere())
                .extracting(Elsewhere::text)
                .containsExactly("in 3rd-lisbon this number is a pod address of 3rd-lisbon, in 10.200.0.0/16, a range"
                        + " that it has left and that is served until 2026-03-01T12:10:00Z; no name leads there any"
                        + " more");
    }

    @Test
    void sendsNobodyThroughUsToAnotherPeer() {
        Fabric fabric = new Fabric(
                Fabric.twins().site("genoa"),
                Fabric.twins().site("3rd-lisbon"),
                new Fabric.Site(
                        "porto",
                        List.of(Cidr.parse("10.130.0.0/16")),
                        List.of(),
                        List.of(Cidr.parse("10.131.0.0/16")),
                        List.of()));
        Explanation explanation = explain(fabric.objects("genoa"), "10.130.0.9");

        assertThat(first(explanation).peer()).contains("porto");
        assertThat(explanation.elsewhere()).isEmpty();
        assertThat(explanation.inbound())
                .containsExactly(
                        new Inbound(
                                "3rd-lisbon",
                                Optional.empty(),
                                "not through us: traffic between two peers goes between those two"),
                        new Inbound("porto", Optional.of(IpAddress.parse("10.130.0.9")), "its own true address"));
    }

    @Test
    void countsWhatIsTaken() {
        List<Fill> fills = Fill.of(GENOA);

        assertThat(fills)
                .extracting(fill -> fill.range().toString())
                .containsExactly("10.0.0.0/8", "fd00::/8", "10.70.0.0/16", "fd00:10:70::/112");
        Fill external = fills.get(2);
        assertThat(external.total()).isEqualTo(65_533);
        assertThat(external.used()).isEqualTo(1);
        assertThat(external.free()).isEqualTo(65_532);
        assertThat(fills.getFirst().reserved()).isEqualTo(4 * 65_536);
        assertThat(EXTERNALS.size()).isEqualTo(65_536);
    }

    private static Explanation explain(ClusterObjects cluster, String address) {
        return Explainer.explain(cluster, IpAddress.parse(address));
    }

    private static Meaning first(Explanation explanation) {
        return explanation.here().getFirst();
    }

    private static BlockPlan.Claim network(
            String name, NetworkPurpose purpose, @Nullable OwnerReference owner, NetworkStatus status) {
        return new BlockPlan.Claim(
                name,
                "uid-" + name,
                new NetworkSpec(String.valueOf(status.cidr()), purpose, owner, List.of(), null),
                status);
    }

    private static ClusterObjects withPeer(ClusterObjects.Peer peer) {
        return new ClusterObjects(
                GENOA.own(),
                GENOA.pool(),
                List.of(),
                List.of(),
                List.of(peer),
                GENOA.exposures(),
                List.of(),
                List.of());
    }

    private static ClusterObjects with(ClusterObjects cluster, List<ClusterObjects.Exposure> exposures) {
        return new ClusterObjects(
                cluster.own(),
                cluster.pool(),
                cluster.intents(),
                cluster.networks(),
                cluster.peers(),
                exposures,
                cluster.nodes(),
                cluster.services());
    }
}
