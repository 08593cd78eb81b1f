// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NodeChangesTest {
    private static final String NEW_DEVICE = """
            2: hawser0: <POINTOPOINT,MULTICAST,NOARP> mtu 1500 qdisc noop state DOWN group default qlen 500
                link/none\s
            """;
    private static final String SETTLED = """
            2: hawser0: <NO-CARRIER,POINTOPOINT,MULTICAST,NOARP,UP> mtu 1420 qdisc pfifo_fast state DOWN group default qlen 500
                link/none\s
                inet 10.70.0.1/32 scope global hawser0
                   valid_lft forever preferred_lft forever
                inet6 fe80::1/64 scope link\s
                   valid_lft forever preferred_lft forever
            10.71.0.0/16 dev hawser0 scope link linkdown\s
            unreachable 10.71.0.0/16 metric 65000\s
            """;

    @Test
    void refusesARangeBeforeItIsRouted() {
        assertThat(between(NEW_DEVICE, node("10.71.0.0/16")))
                .containsExactly(
                        "link set hawser0 addrgenmode none",
                        "link set hawser0 mtu 1420 up",
                        "address add 10.70.0.1/32 dev hawser0",
                        "route add unreachable 10.71.0.0/16 metric 65000 proto 72",
                        "route add 10.71.0.0/16 dev hawser0 proto 72");
    }

    @Test
    void putsARouteWithAnotherMtuInPlaceOfTheOldOne() {
        NodeNetwork narrow = node("10.71.0.0/16").with(Map.of(Cidr.parse("10.71.0.0/16"), 1328), Map.of());
        String narrowed = SETTLED.replace("scope link linkdown", "scope link linkdown mtu 1328");

        assertThat(between(SETTLED, narrow))
                .containsExactly("route replace 10.71.0.0/16 dev hawser0 proto 72 mtu 1328");
        assertThat(between(narrowed, narrow)).isEmpty();
        assertThat(between(narrowed, node("10.71.0.0/16")))
                .containsExactly("route replace 10.71.0.0/16 dev hawser0 proto 72");
    }

    @Test
    void sendsDatagramsToANarrowPathInFragmentsByTheWayTheyWouldTakeAnyway() {
        IpAddress endpoint = IpAddress.parse("198.51.100.2");
        NodeNetwork narrow = node("10.71.0.0/16").with(Map.of(), Map.of(endpoint, 1276));
        String routes = """
                default via 192.0.2.1 dev wlan0 metric 600
                default via 192.0.2.254 dev eth0 metric 100
                198.51.100.2 via 203.0.113.9 dev eth1 proto 72 mtu lock 1276
                """;
        ObservedNode now = ObservedNode.parse(SETTLED)
                .with(Map.of(endpoint, NodeRoute.wayTo(endpoint, routes).orElseThrow()));
        ObservedNode stale = ObservedNode.parse(SETTLED + "198.51.100.2 via 203.0.113.9 dev eth1 mtu lock 1276\n")
                .with(now.ways());

        assertThat(NodeChanges.between(now, narrow, "hawser0"))
                .containsExactly("route add 198.51.100.2/32 via 192.0.2.254 dev eth0 proto 72 mtu lock 1276");
        assertThat(NodeChanges.between(stale, narrow, "hawser0"))
                .containsExactly("route replace 198.51.100.2/32 via 192.0.2.254 dev eth0 proto 72 mtu lock 1276");
        assertThat(NodeChanges.between(stale, node("10.71.0.0/16"), "hawser0"))
                .containsExactly("route del 198.51.100.2/32 via 203.0.113.9 dev eth1 proto 72 mtu lock 1276");
    }

    @Test
    void doesNothingWhereNothingDiffers() {
        assertThat(between(SETTLED, node("10.71.0.0/16"))).isEmpty();
    }

    @Test
    void stopsRoutingARangeBeforeItIsNoLongerRefused() {
        assertThat(between(SETTLED, NodeNetwork.empty(1420)))
                .containsExactly(
                        "route del 10.71.0.0/16 dev hawser0 proto 72",
                        "route del unreachable 10.71.0.0/16 metric 65000 proto 72",
                        "address del 10.70.0.1/32 dev hawser0");
    }

    @Test
    void adoptsWhatAKilledGatewayLeft() {
        String left = NEW_DEVICE + "unreachable 10.71.0.0/16 metric 65000 \nunreachable 10.99.0.0/16 metric 65000 \n";

        assertThat(between(left, node("10.71.0.0/16")))
                .contains("route add 10.71.0.0/16 dev hawser0 proto 72")
                .contains("route del unreachable 10.99.0.0/16 metric 65000 proto 72")
                .doesNotContain("route add unreachable 10.71.0.0/16 metric 65000 proto 72");
    }

    @Test
    void refusesRangesWhileThereIsNoDevice() {
        assertThat(between("", node("10.71.0.0/16")))
                .containsExactly("route add unreachable 10.71.0.0/16 metric 65000 proto 72");
        assertThat(NodeChanges.lacking(ObservedNode.parse(""), node("10.71.0.0/16"), "hawser0"))
                .containsExactly("device hawser0 does not exist");
    }

    @Test
    void readsSingleAddressesAndTheOtherFamily() {
        ObservedNode node = ObservedNode.parse("""
                10.9.9.9 dev hawser0 scope link linkdown\s
                fd00:1::/64 dev hawser0 metric 1024 linkdown pref medium
                unreachable fd00:1::/64 dev lo metric 65000 pref medium
                """);

        assertThat(node.routes())
                .containsExactlyInAnyOrder(
                        new NodeRoute(Cidr.parse("10.9.9.9/32"), NodeRoute.Kind.TUNNEL),
                        new NodeRoute(Cidr.parse("fd00:1::/64"), NodeRoute.Kind.TUNNEL),
                        new NodeRoute(Cidr.parse("fd00:1::/64"), NodeRoute.Kind.UNREACHABLE));
    }

    private static List<String> between(String output, NodeNetwork wanted) {
        return NodeChanges.between(ObservedNode.parse(output), wanted, "hawser0");
    }

    private static NodeNetwork node(String... remapped) {
        return new NodeNetwork(
                1420,
                List.of(IpAddress.parse("10.70.0.1")),
                List.of(Cidr.parse("10.200.0.0/16")),
                Stream.of(remapped).map(Cidr::parse).toList(),
                List.of());
    }
}
