// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The rules of the data path, with the numbers of the architecture's table: A and B have the same ranges. */
class RoutesTest {
    private static final String POD = "10.200.0.0/16";
    private static final String EXTERNAL = "10.70.0.0/16";
    private static final int ICMP = 1;
    private static final int TCP = 6;
    private static final int UDP = 17;

    private static final Exposure PROXY = new Exposure(
            "hawser/api-server-proxy",
            IpAddress.parse("10.95.245.141"),
            IpAddress.parse("10.70.0.3"),
            List.of(new PortFilter(Protocol.TCP, 8118)),
            Set.of("*"));
    private static final Exposure DATABASE = new Exposure(
            "shop/database", IpAddress.parse("192.0.2.10"), IpAddress.parse("10.70.0.9"), List.of(), Set.of("b"));

    /** A names B 10.71/16 and 10.81/16; it names C, which has the same true ranges, 10.72/16 and 10.82/16. */
    private final Routes a = Routes.compile(
            side(PROXY, DATABASE),
            List.of(peer("b", "10.71.0.0/16", "10.81.0.0/16"), peer("c", "10.72.0.0/16", "10.82.0.0/16")));

    /** B names A 10.71/16 and 10.68/16. */
    private final Routes b = Routes.compile(side(PROXY, DATABASE), List.of(peer("a", "10.71.0.0/16", "10.68.0.0/16")));

    private final Verdict verdict = new Verdict();

    @Test
    void translatesPodToPodOnlyOnTheOthersRanges() {
        assertThat(egress(a, tcp("10.200.1.5", "10.71.7.9", 80))).isEqualTo("b 10.200.1.5 -> 10.200.7.9");
        assertThat(ingress(b, "a", tcp("10.200.1.5", "10.200.7.9", 80))).isEqualTo("a 10.71.1.5 -> 10.200.7.9");
    }

    @Test
    void translatesTheAnswerTheSameWay() {
        assertThat(egress(b, tcp("10.200.7.9", "10.71.1.5", 4000))).isEqualTo("a 10.200.7.9 -> 10.200.1.5");
        assertThat(ingress(a, "b", tcp("10.200.7.9", "10.200.1.5", 4000))).isEqualTo("b 10.71.7.9 -> 10.200.1.5");
    }

    @Test
    void leadsToAnExposureAndBack() {
        assertThat(egress(a, tcp("10.200.1.5", "10.81.0.3", 8118))).isEqualTo("b 10.200.1.5 -> 10.70.0.3");
        assertThat(ingress(b, "a", tcp("10.200.1.5", "10.70.0.3", 8118))).isEqualTo("a 10.71.1.5 -> 10.95.245.141");

        assertThat(egress(b, tcp("10.95.245.141", "10.71.1.5", 4000))).isEqualTo("a 10.70.0.3 -> 10.200.1.5");
        assertThat(ingress(a, "b", tcp("10.70.0.3", "10.200.1.5", 4000))).isEqualTo("b 10.81.0.3 -> 10.200.1.5");
    }

    @Test
    void carriesProbesBetweenGateways() {
        assertThat(egress(a, udp("10.70.0.1", "10.81.0.1", 51821))).isEqualTo("b 10.70.0.1 -> 10.70.0.1");
        assertThat(ingress(b, "a", udp("10.70.0.1", "10.70.0.1", 51821))).isEqualTo("a 10.68.0.1 -> 10.70.0.1");
    }

    @Test
    void tellsPeersWithTheSameTruePrefixApart() {
        assertThat(egress(a, tcp("10.200.1.5", "10.72.7.9", 80))).isEqualTo("c 10.200.1.5 -> 10.200.7.9");
        assertThat(ingress(a, "c", tcp("10.200.7.9", "10.200.1.5", 80))).isEqualTo("c 10.72.7.9 -> 10.200.1.5");
        assertThat(ingress(a, "b", tcp("10.200.7.9", "10.200.1.5", 80))).isEqualTo("b 10.71.7.9 -> 10.200.1.5");
    }

    @Test
    void dropsEgressToNobody() {
        assertThat(egress(a, tcp("10.200.1.5", "10.99.0.1", 80))).isEqualTo("no_route");
        assertThat(egress(a, tcp("10.200.1.5", "10.200.7.9", 80))).isEqualTo("no_route");
    }

    @Test
    void dropsEgressFromWhatIsNotExported() {
        assertThat(egress(a, tcp("203.0.113.2", "10.71.7.9", 80))).isEqualTo("source_not_exported");
        assertThat(egress(a, tcp("10.70.0.3", "10.71.7.9", 80))).isEqualTo("source_not_exported");
    }

    @Test
    void letsTheGatewayItselfSpeakOnlyIcmpAndProbes() {
        assertThat(egress(a, packet(ICMP, "10.70.0.1", "10.81.0.1", 0, 0))).isEqualTo("b 10.70.0.1 -> 10.70.0.1");
        assertThat(egress(a, tcp("10.70.0.1", "10.71.7.9", 22))).isEqualTo("not_for_gateway");
        assertThat(ingress(b, "a", packet(ICMP, "10.200.1.5", "10.70.0.1", 0, 0)))
                .isEqualTo("a 10.71.1.5 -> 10.70.0.1");
        assertThat(ingress(b, "a", tcp("10.200.1.5", "10.70.0.1", 22))).isEqualTo("not_for_gateway");
        assertThat(ingress(b, "a", udp("10.70.0.1", "10.70.0.1", 53))).isEqualTo("not_for_gateway");
    }

    @Test
    void dropsIngressWithASourceOutsideThePeersRanges() {
        assertThat(ingress(b, "a", tcp("10.71.1.5", "10.200.7.9", 80))).isEqualTo("source_not_of_peer");
        assertThat(ingress(b, "a", tcp("192.0.2.1", "10.200.7.9", 80))).isEqualTo("source_not_of_peer");
    }

    @Test
    void dropsIngressToWhatIsNotExposed() {
        assertThat(ingress(b, "a", tcp("10.200.1.5", "10.95.0.1", 443))).isEqualTo("destination_not_exposed");
        assertThat(ingress(b, "a", tcp("10.200.1.5", "10.70.0.77", 443))).isEqualTo("destination_not_exposed");
        assertThat(ingress(b, "a", tcp("10.200.1.5", "10.95.245.141", 8118))).isEqualTo("destination_not_exposed");
    }

    @Test
    void dropsIngressToAnExposureOfOthers() {
        assertThat(ingress(a, "b", tcp("10.200.1.5", "10.70.0.9", 5432))).isEqualTo("b 10.71.1.5 -> 192.0.2.10");
        assertThat(ingress(a, "c", tcp("10.200.1.5", "10.70.0.9", 5432))).isEqualTo("exposure_not_granted");
    }

    @Test
    void filtersProtocolsAndPortsOfAnExposure() {
        assertThat(ingress(b, "a", tcp("10.200.1.5", "10.70.0.3", 8119))).isEqualTo("port_filtered");
        assertThat(ingress(b, "a", udp("10.200.1.5", "10.70.0.3", 8118))).isEqualTo("port_filtered");
        assertThat(ingress(b, "a", packet(ICMP, "10.200.1.5", "10.70.0.3", 0, 0)))
                .isEqualTo("port_filtered");
    }

    @Test
    void letsLaterFragmentsFollowTheFirst() {
        PacketHeaders later = packet(TCP, "10.200.1.5", "10.70.0.3", 0, 0);
        later.transport(TCP, PacketHeaders.NO_PORT, PacketHeaders.NO_PORT, true);

        assertThat(ingress(b, "a", later)).isEqualTo("a 10.71.1.5 -> 10.95.245.141");
    }

    @Test
    void readsQuotedPacketsBackwards() {
        PacketHeaders error = packet(ICMP, "10.200.1.1", "10.71.7.9", 0, 0);
        PacketHeaders received = packet(TCP, "10.71.7.9", "10.200.1.5", 80, 4000);

        a.egress(error, received, verdict);

        assertThat(verdict.drop()).isNull();
        assertThat(text(verdict.quotedSource(), "10.71.7.9")).isEqualTo("10.200.7.9");
        assertThat(text(verdict.quotedDestination(), "10.200.1.5")).isEqualTo("10.200.1.5");
    }

    @Test
    void passesIcmpErrorsAboutAnAllowedAnswerOfAnExposure() {
        PacketHeaders error = packet(ICMP, "10.200.1.5", "10.70.0.3", 0, 0);
        PacketHeaders answer = packet(TCP, "10.70.0.3", "10.200.1.5", 8118, 4000);

        b.ingress(Objects.requireNonNull(b.peer("a")), error, answer, verdict);

        assertThat(verdict.drop()).isNull();
        assertThat(text(verdict.quotedSource(), "10.70.0.3")).isEqualTo("10.95.245.141");
        assertThat(text(verdict.quotedDestination(), "10.200.1.5")).isEqualTo("10.71.1.5");
    }

    @Test
    void dropsIcmpErrorsAboutPacketsOfOthers() {
        PacketHeaders error = packet(ICMP, "10.200.1.5", "10.71.7.9", 0, 0);
        PacketHeaders ofPeerC = packet(TCP, "10.72.7.9", "10.200.1.5", 80, 4000);

        a.egress(error, ofPeerC, verdict);

        assertThat(verdict.drop()).isEqualTo(DropReason.QUOTE_FOREIGN);
    }

    @Test
    void leavesOutOverlappingRemapsAndNamesThem() {
        Routes routes = Routes.compile(
                side(), List.of(peer("b", "10.71.0.0/16", "10.81.0.0/16"), peer("c", "10.71.0.0/16", "10.200.0.0/16")));

        assertThat(routes.problems().peers()).containsOnlyKeys("c");
        assertThat(routes.problems().peers().get("c"))
                .contains("10.71.0.0/16 of peer b")
                .contains("own 10.200.0.0/16");
        assertThat(egress(routes, tcp("10.200.1.5", "10.71.7.9", 80))).startsWith("b ");
    }

    @Test
    void leavesOutASecondExposureOfOneAddress() {
        Exposure second =
                new Exposure("shop/second", DATABASE.local(), IpAddress.parse("10.70.0.10"), List.of(), Set.of("*"));
        Exposure gateway = new Exposure(
                "shop/gateway", IpAddress.parse("192.0.2.11"), IpAddress.parse("10.70.0.1"), List.of(), Set.of("*"));
        Exposure pod = new Exposure(
                "shop/pod", IpAddress.parse("10.200.0.7"), IpAddress.parse("10.70.0.11"), List.of(), Set.of("*"));

        Routes routes = Routes.compile(side(DATABASE, second, gateway, pod), List.of());

        assertThat(routes.problems().exposures())
                .hasSize(3)
                .anySatisfy(text -> assertThat(text).contains("shop/second").contains("already"))
                .anySatisfy(text -> assertThat(text).contains("shop/gateway").contains("taken"))
                .anySatisfy(text -> assertThat(text).contains("shop/pod").contains("pod address"));
    }

    @Test
    void takesFromBothTrueRangesWhileAPeerChangesThem() {
        Remap former = new Remap(Cidr.parse(POD), Cidr.parse("10.71.0.0/16"));
        Remap present = new Remap(Cidr.parse("10.201.0.0/16"), Cidr.parse("10.71.0.0/16"));

        Routes routes = Routes.compile(side(), List.of(new PeerRanges("b", List.of(present, former))));

        assertThat(routes.problems().peers()).isEmpty();
        assertThat(ingress(routes, "b", tcp("10.200.7.9", "10.200.1.5", 80))).isEqualTo("b 10.71.7.9 -> 10.200.1.5");
        assertThat(ingress(routes, "b", tcp("10.201.7.9", "10.200.1.5", 80))).isEqualTo("b 10.71.7.9 -> 10.200.1.5");
        assertThat(egress(routes, tcp("10.200.1.5", "10.71.7.9", 80))).isEqualTo("b 10.200.1.5 -> 10.201.7.9");
    }

    @Test
    void leavesOutExposuresThatLeadBackIntoATunnelOrNowhere() {
        Exposure loop = exposure("shop/loop", "10.71.7.9", "10.70.0.20");
        Exposure external = exposure("shop/external", "10.70.0.30", "10.70.0.21");
        Exposure metadata = exposure("shop/metadata", "169.254.169.254", "10.70.0.22");
        Exposure kubelet = exposure("shop/kubelet", "127.0.0.1", "10.70.0.23");

        Routes routes = Routes.compile(
                side(loop, external, metadata, kubelet), List.of(peer("b", "10.71.0.0/16", "10.81.0.0/16")));

        assertThat(routes.problems().exposures())
                .hasSize(4)
                .anySatisfy(text -> assertThat(text).contains("shop/loop").contains("peer b"))
                .anySatisfy(text -> assertThat(text).contains("shop/external").contains("external CIDRs"));
        assertThat(ingress(routes, "b", tcp("10.200.1.5", "10.70.0.20", 80))).isEqualTo("destination_not_exposed");
    }

    @Test
    void leavesOutRangesThatMeanOneLinkOrHost() {
        Routes routes = Routes.compile(side(), List.of(peer("b", "127.71.0.0/16", "224.81.0.0/16")));

        assertThat(routes.problems().peers().get("b")).contains("127.71.0.0/16").contains("224.81.0.0/16");
        assertThat(Routes.compile(side(), List.of(peer("b", "240.71.0.0/16", "240.81.0.0/16")))
                        .problems()
                        .peers())
                .as("class E is in use as pod range")
                .isEmpty();
        assertThat(egress(routes, tcp("10.200.1.5", "127.71.7.9", 80))).isEqualTo("no_route");
    }

    @Test
    void keepsWhatMeansOneLinkApartFromLostPackets() {
        assertThat(egress(a, tcp("10.200.1.5", "224.0.0.22", 80))).isEqualTo("link_scoped");
        assertThat(egress(a, tcp("10.200.1.5", "255.255.255.255", 80))).isEqualTo("link_scoped");
        assertThat(egress(a, tcp("169.254.7.7", "10.99.0.1", 80))).isEqualTo("link_scoped");
    }

    private static Exposure exposure(String name, String local, String external) {
        return new Exposure(name, IpAddress.parse(local), IpAddress.parse(external), List.of(), Set.of("*"));
    }

    private static LocalSide side(Exposure... exposures) {
        return new LocalSide(List.of(Cidr.parse(POD)), List.of(Cidr.parse(EXTERNAL)), List.of(exposures));
    }

    private static PeerRanges peer(String id, String pods, String external) {
        return new PeerRanges(
                id,
                List.of(
                        new Remap(Cidr.parse(POD), Cidr.parse(pods)),
                        new Remap(Cidr.parse(EXTERNAL), Cidr.parse(external))));
    }

    private static PacketHeaders tcp(String from, String to, int port) {
        return packet(TCP, from, to, 40_000, port);
    }

    private static PacketHeaders udp(String from, String to, int port) {
        return packet(UDP, from, to, 40_000, port);
    }

    private static PacketHeaders packet(int protocol, String from, String to, int fromPort, int toPort) {
        PacketHeaders headers = new PacketHeaders();
        headers.ipv4(IpAddress.parse(from).low(), IpAddress.parse(to).low());
        headers.transport(protocol, fromPort, toPort, false);
        return headers;
    }

    private String egress(Routes routes, PacketHeaders packet) {
        routes.egress(packet, null, verdict);
        return outcome(packet);
    }

    private String ingress(Routes routes, String peer, PacketHeaders packet) {
        routes.ingress(Objects.requireNonNull(routes.peer(peer)), packet, null, verdict);
        return outcome(packet);
    }

    private String outcome(PacketHeaders packet) {
        DropReason drop = verdict.drop();
        if (drop != null) {
            return drop.label();
        }
        return Objects.requireNonNull(verdict.peer()).id() + " "
                + text(verdict.source(), packet.sourceLow()) + " -> "
                + text(verdict.destination(), packet.destinationLow());
    }

    private static String text(AddressRewrite rewrite, String address) {
        return text(rewrite, IpAddress.parse(address).low());
    }

    private static String text(AddressRewrite rewrite, long low) {
        return IpAddress.ofIpv4((int) rewrite.low(low)).toString();
    }
}
