// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.FormerRange;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.Exposure;
import dev.hawser.tunnel.route.PortFilter;
import dev.hawser.tunnel.route.Protocol;
import dev.hawser.tunnel.session.StaticKeys;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlannerTest {
    private static final Random RANDOM = new Random(1);
    private static final PrivateKey OWN = PrivateKey.generate(RANDOM);
    private static final String LISBON_KEY = freshKey();
    private static final String PORTO_KEY = freshKey();

    private final KeyMaterial keys = atRest(Map.of());

    @Test
    void plansTheAcceptanceCase() {
        GatewayPlan plan = plan(
                List.of(Objects.configuration("lisbon", "10.71.0.0/16", "10.81.0.0/16")),
                List.of(Objects.connection("lisbon", List.of(LISBON_KEY), List.of("203.0.113.7:51820"))),
                Objects.proxy("10.70.0.3", "*"));

        PeerConfig peer = plan.tunnel().orElseThrow().peers().getFirst();
        assertThat(peer.podRanges())
                .containsExactly(new Remap(Cidr.parse("10.200.0.0/16"), Cidr.parse("10.71.0.0/16")));
        assertThat(peer.externalRanges())
                .containsExactly(new Remap(Cidr.parse("10.70.0.0/16"), Cidr.parse("10.81.0.0/16")));
        assertThat(peer.endpoints()).containsExactly(UdpEndpoint.of(IpAddress.parse("203.0.113.7"), 51_820));
        assertThat(plan.tunnel().orElseThrow().listenPorts()).containsExactly(51_820);
        assertThat(plan.tunnel().orElseThrow().local().exposures())
                .containsExactly(new Exposure(
                        "hawser/api-server-proxy",
                        IpAddress.parse("10.95.245.141"),
                        IpAddress.parse("10.70.0.3"),
                        List.of(new PortFilter(Protocol.TCP, 8118)),
                        Set.of("*")));
        assertThat(plan.node().gatewayAddresses()).containsExactly(IpAddress.parse("10.70.0.1"));
        assertThat(plan.node().podCidrs()).containsExactly(Cidr.parse("10.200.0.0/16"));
        assertThat(plan.node().remappedCidrs()).containsExactly(Cidr.parse("10.71.0.0/16"), Cidr.parse("10.81.0.0/16"));
        assertThat(plan.problems()).isEmpty();
    }

    @Test
    void givesTheSamePlanForObjectsInAnyOrder() {
        Configuration lisbon = Objects.configuration("lisbon", "10.71.0.0/16", "10.81.0.0/16");
        Configuration porto = Objects.configuration("porto", "10.72.0.0/16", "10.82.0.0/16");
        Connection toLisbon = Objects.connection("lisbon", List.of(LISBON_KEY), List.of());
        Connection toPorto = Objects.connection("porto", List.of(PORTO_KEY), List.of());

        assertThat(plan(List.of(lisbon, porto), List.of(toLisbon, toPorto)))
                .isEqualTo(plan(List.of(porto, lisbon), List.of(toPorto, toLisbon)));
    }

    @Test
    void putsTheRangeThatAPeerHasLeftBehindThePresentOne() {
        Configuration changing = Objects.configuration("lisbon", "10.71.0.0/16", "10.81.0.0/16");
        changing.setStatus(new ConfigurationStatus(
                new RemappedRanges(
                        List.of(
                                new RemappedRange("10.190.0.0/16", "10.71.0.0/16"),
                                new RemappedRange("10.200.0.0/16", "10.71.0.0/16")),
                        List.of(new RemappedRange("10.70.0.0/16", "10.81.0.0/16"))),
                List.of(new FormerRange("10.190.0.0/16", "2026-03-01T12:10:00Z")),
                List.of(),
                List.of(),
                List.of(),
                1L));

        GatewayPlan plan = plan(
                List.of(changing),
                List.of(Objects.connection("lisbon", List.of(LISBON_KEY), List.of("203.0.113.7:51820"))));

        assertThat(plan.tunnel().orElseThrow().peers().getFirst().podRanges())
                .extracting(Remap::from)
                .containsExactly(Cidr.parse("10.200.0.0/16"), Cidr.parse("10.190.0.0/16"));
        assertThat(plan.node().remappedCidrs()).containsExactly(Cidr.parse("10.71.0.0/16"), Cidr.parse("10.81.0.0/16"));
    }

    @Test
    void waitsForRemappedRangesWithoutStoppingOthers() {
        GatewayPlan plan = plan(
                List.of(Objects.ungranted("lisbon"), Objects.configuration("porto", "10.72.0.0/16", "10.82.0.0/16")),
                List.of(
                        Objects.connection("lisbon", List.of(LISBON_KEY), List.of()),
                        Objects.connection("porto", List.of(PORTO_KEY), List.of())));

        assertThat(plan.peers().getFirst())
                .isEqualTo(new PeerPlan.Waiting(
                        "lisbon", 1, "waiting for the remapped ranges in the status of Configuration lisbon"));
        assertThat(served(plan)).containsExactly("porto");
    }

    @Test
    void refusesWhatDoesNotParseAndSaysWhy() {
        assertThat(refusal(connection(LISBON_KEY, "203.0.113.7"))).contains("203.0.113.7", "host:port");
        assertThat(refusal(connection("AAAA", "203.0.113.7:51820"))).contains("public key", "32");
        assertThat(refusal(connection(OWN.publicKey().toBase64()))).contains("this gateway itself");
    }

    @Test
    void refusesARemappedRangeThatHidesOurOwn() {
        GatewayPlan plan = plan(
                List.of(Objects.configuration("lisbon", "10.95.0.0/16", "10.81.0.0/16")),
                List.of(connection(LISBON_KEY)));

        assertThat(refusal(plan)).contains("10.95.0.0/16 would hide");
        assertThat(plan.node().remappedCidrs()).isEmpty();
    }

    @Test
    void keepsAKeyWithTheFirstConnectionThatNamesIt() {
        GatewayPlan plan = plan(
                List.of(
                        Objects.configuration("lisbon", "10.71.0.0/16", "10.81.0.0/16"),
                        Objects.configuration("porto", "10.72.0.0/16", "10.82.0.0/16")),
                List.of(
                        Objects.connection("porto", List.of(LISBON_KEY), List.of()),
                        Objects.connection("lisbon", List.of(LISBON_KEY), List.of())));

        assertThat(served(plan)).containsExactly("lisbon");
        assertThat(plan.peers().getLast())
                .isInstanceOfSatisfying(
                        PeerPlan.Refused.class,
                        refused -> assertThat(refused.reason()).contains("is that of Connection lisbon"));
    }

    @Test
    void routesRangesOfAPeerThatIsNotServedIntoTheTunnel() {
        GatewayPlan plan = plan(
                List.of(Objects.configuration("lisbon", "10.71.0.0/16", "10.81.0.0/16")),
                List.of(Objects.connection("lisbon", List.of(), List.of())));

        assertThat(served(plan)).isEmpty();
        assertThat(plan.node().remappedCidrs()).hasSize(2);
    }

    @Test
    void waitsForThePresharedKeyAndThenUsesIt() {
        Connection wanting =
                Objects.connection("lisbon", new ConnectionSpec("lisbon", List.of(LISBON_KEY), List.of(), true, 25));
        List<Configuration> configurations = List.of(Objects.configuration("lisbon", "10.71.0.0/16", "10.81.0.0/16"));

        assertThat(plan(configurations, List.of(wanting)).peers().getFirst())
                .isEqualTo(new PeerPlan.Waiting("lisbon", 1, "waiting for psk.lisbon in the Secret gateway-keys"));

        PresharedKey secret = PresharedKey.generate(RANDOM);
        Surroundings known = new Surroundings(Optional.of(atRest(Map.of("lisbon", secret))), Map.of(), Map.of(), 1420);
        PeerConfig peer = Planner.plan(view(configurations, List.of(wanting)), known)
                .tunnel()
                .orElseThrow()
                .peers()
                .getFirst();
        assertThat(peer.presharedKey()).contains(secret);
        assertThat(peer.persistentKeepaliveSeconds()).isEqualTo(25);
    }

    @Test
    void looksUpHostNamesAndAddsTheEndpointThatWorkedLast() {
        Connection connection = Objects.connection("lisbon", List.of(LISBON_KEY), List.of("gw.lisbon.example:51820"));
        Surroundings surroundings = new Surroundings(
                Optional.of(keys),
                Map.of("gw.lisbon.example", List.of(IpAddress.parse("203.0.113.9"))),
                Map.of("lisbon", "198.51.100.4:40000"),
                1420);

        GatewayPlan plan = Planner.plan(
                view(List.of(Objects.configuration("lisbon", "10.71.0.0/16", "10.81.0.0/16")), List.of(connection)),
                surroundings);

        assertThat(plan.hostNames()).containsExactly("gw.lisbon.example");
        assertThat(plan.tunnel().orElseThrow().peers().getFirst().endpoints())
                .containsExactly(
                        UdpEndpoint.of(IpAddress.parse("203.0.113.9"), 51_820),
                        UdpEndpoint.of(IpAddress.parse("198.51.100.4"), 40_000));
    }

    @Test
    void exposesNothingWithoutAnAddressOrAGrant() {
        assertThat(exposures(Objects.proxy(null, "*"))).isEmpty();
        assertThat(exposures(Objects.proxy("10.70.0.3"))).isEmpty();
        assertThat(exposures(Objects.proxy("10.70.0.3", "lisbon"))).hasSize(1);
    }

    @Test
    void exposesADualStackServiceInBothFamilies() {
        IP web = Objects.dualStack();

        assertThat(exposures(web))
                .extracting(Exposure::local, Exposure::external)
                .containsExactly(
                        tuple(IpAddress.parse("10.95.245.7"), IpAddress.parse("10.70.0.4")),
                        tuple(IpAddress.parse("fd00:10:95::7"), IpAddress.parse("fd00:10:70::4")));
        assertThat(plan(List.of(), List.of(), web).node().masqueraded())
                .containsExactly(IpAddress.parse("10.95.245.7"), IpAddress.parse("fd00:10:95::7"));
    }

    @Test
    void hasNoTunnelWithoutAKeyButANode() {
        Surroundings keyless = new Surroundings(Optional.empty(), Map.of(), Map.of(), 1420);

        GatewayPlan plan = Planner.plan(view(List.of(), List.of()), keyless);

        assertThat(plan.tunnel()).isEmpty();
        assertThat(plan.node().gatewayAddresses()).hasSize(1);
    }

    @Test
    void answersForBothKeysWhileOneIsReplacedAndTakesNeitherForAPeers() {
        PrivateKey next = PrivateKey.generate(RANDOM);
        KeyMaterial replacing = new KeyMaterial(OWN, new KeyMaterial.Rotation.Introducing(next), 1, Map.of());

        GatewayPlan plan = Planner.plan(
                view(
                        List.of(Objects.configuration("lisbon", "10.71.0.0/16", "10.81.0.0/16")),
                        List.of(connection(next.publicKey().toBase64()))),
                new Surroundings(Optional.of(replacing), Map.of(), Map.of(), 1420));

        assertThat(plan.tunnel().orElseThrow().keys()).isEqualTo(StaticKeys.introducing(OWN, next));
        assertThat(GatewayReport.of(Objects.gateway("genoa"), plan, "pod", Optional.empty())
                        .publicKeys())
                .containsExactly(OWN.publicKey().toBase64(), next.publicKey().toBase64());
        assertThat(refusal(plan)).contains("this gateway itself");
    }

    private static KeyMaterial atRest(Map<String, PresharedKey> presharedKeys) {
        return new KeyMaterial(OWN, new KeyMaterial.Rotation.None(), 0, presharedKeys);
    }

    private List<Exposure> exposures(IP ip) {
        return plan(List.of(), List.of(), ip).tunnel().orElseThrow().local().exposures();
    }

    private String refusal(Connection connection) {
        return refusal(
                plan(List.of(Objects.configuration("lisbon", "10.71.0.0/16", "10.81.0.0/16")), List.of(connection)));
    }

    private static String refusal(GatewayPlan plan) {
        assertThat(plan.peers().getFirst()).isInstanceOf(PeerPlan.Refused.class);
        return ((PeerPlan.Refused) plan.peers().getFirst()).reason();
    }

    private static List<String> served(GatewayPlan plan) {
        return plan.tunnel().orElseThrow().peers().stream().map(PeerConfig::id).toList();
    }

    private GatewayPlan plan(List<Configuration> configurations, List<Connection> connections, IP... exposures) {
        return Planner.plan(
                view(configurations, connections, exposures),
                new Surroundings(Optional.of(keys), Map.of(), Map.of(), 1420));
    }

    private static ClusterView view(List<Configuration> configurations, List<Connection> connections, IP... exposures) {
        return new ClusterView(Optional.of(Objects.gateway("genoa")), configurations, connections, List.of(exposures));
    }

    private static Connection connection(String key, String... endpoints) {
        return Objects.connection("lisbon", List.of(key), List.of(endpoints));
    }

    private static String freshKey() {
        return PrivateKey.generate(RANDOM).publicKey().toBase64();
    }
}
