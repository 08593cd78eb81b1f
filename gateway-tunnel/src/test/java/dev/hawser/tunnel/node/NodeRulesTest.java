// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

class NodeRulesTest {
    private static final NodeNetwork NODE = new NodeNetwork(
            1420,
            List.of(IpAddress.parse("10.70.0.1")),
            List.of(Cidr.parse("10.200.0.0/16")),
            List.of(Cidr.parse("10.81.0.0/16"), Cidr.parse("10.71.0.0/16")),
            List.of());

    @Test
    void keepsSourcesOfPodsAndPeersAndShieldsTheNode() {
        assertThat(NodeRules.replacing(NODE, Family.IPV4, "hawser0")).isEqualTo("""
                table ip hawser
                delete table ip hawser
                table ip hawser {
                    set pods {
                        type ipv4_addr
                        flags interval
                        elements = { 10.200.0.0/16 }
                    }
                    set remapped {
                        type ipv4_addr
                        flags interval
                        elements = { 10.71.0.0/16, 10.81.0.0/16 }
                    }
                    set masqueraded {
                        type ipv4_addr
                        flags interval
                    }
                    chain sources {
                        type nat hook postrouting priority srcnat - 1; policy accept;
                        ip saddr @remapped ip daddr @masqueraded masquerade
                        ip saddr @pods ip daddr @remapped snat to ip saddr
                        ip saddr @remapped ip daddr @pods snat to ip saddr
                    }
                    chain input {
                        type filter hook input priority filter; policy accept;
                        iifname "hawser0" ip daddr @pods ct state new drop
                    }
                    chain segments {
                        type filter hook forward priority mangle; policy accept;
                        oifname "hawser0" tcp flags syn tcp option maxseg size set rt mtu
                        iifname "hawser0" tcp flags syn tcp option maxseg size set rt mtu
                    }
                }
                """);
    }

    @Test
    void leavesTheOtherFamilyOut() {
        assertThat(NodeRules.replacing(NODE, Family.IPV6, "hawser0"))
                .contains("table ip6 hawser", "type ipv6_addr", "ip6 saddr @pods ip6 daddr @remapped snat to ip6 saddr")
                .doesNotContain("elements");
    }

    @Test
    void keepsOnlyTheOutermostOfNestedRanges() {
        NodeNetwork node = new NodeNetwork(
                1420,
                List.of(),
                List.of(Cidr.parse("10.200.4.0/24"), Cidr.parse("10.200.0.0/16"), Cidr.parse("10.200.0.0/16")),
                List.of(),
                List.of());

        assertThat(node.podCidrs()).containsExactly(Cidr.parse("10.200.0.0/16"));
    }
}
