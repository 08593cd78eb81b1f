// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The nft table {@code hawser} of one family, as text for {@code nft -f}.
 *
 * <p>A CNI masquerades pods that leave, and kube-proxy masquerades foreign sources that go to a Service. The first NAT
 * chain that binds a source wins, so an identity source NAT one step before both keeps sources in either direction and
 * leaves connection tracking whole, which {@code notrack} would not. It is limited to pods and remapped ranges: traffic
 * of the node itself, and of NodePorts, must stay masqueraded.
 *
 * <p>The input chain is there because a bridge's own address lies in the pod CIDR: without it a peer that may reach pods
 * would reach kubelet and sshd of the node too.
 *
 * <p>The segments chain tells both ends of a TCP connection what the smaller of its two routes takes: the routes into the
 * tunnel know the MTU of each peer's path, and the ICMP that would say it later is often thrown away.
 */
final class NodeRules {
    static final String TABLE = "hawser";

    private NodeRules() {}

    /** A transaction that puts the table in place of whatever stands there under its name. */
    static String replacing(NodeNetwork node, Family family, String device) {
        String protocol = protocol(family);
        return removing(family)
                + "table " + protocol + " " + TABLE + " {\n"
                + set("pods", family, texts(node.podCidrs(), family))
                + set("remapped", family, texts(NodeNetwork.outermost(node.remappedCidrs()), family))
                + set("masqueraded", family, addressTexts(node.masqueraded(), family))
                + """
                    chain sources {
                        type nat hook postrouting priority srcnat - 1; policy accept;
                        %1$s saddr @remapped %1$s daddr @masqueraded masquerade
                        %1$s saddr @pods %1$s daddr @remapped snat to %1$s saddr
                        %1$s saddr @remapped %1$s daddr @pods snat to %1$s saddr
                    }
                    chain input {
                        type filter hook input priority filter; policy accept;
                        iifname "%2$s" %1$s daddr @pods ct state new drop
                    }
                    chain segments {
                        type filter hook forward priority mangle; policy accept;
                        oifname "%2$s" tcp flags syn tcp option maxseg size set rt mtu
                        iifname "%2$s" tcp flags syn tcp option maxseg size set rt mtu
                    }
                }
                """.formatted(protocol, device);
    }

    /** A transaction that removes the table and is no error where there is none: declaring it first makes it exist. */
    static String removing(Family family) {
        String table = "table " + protocol(family) + " " + TABLE + "\n";
        return table + "delete " + table;
    }

    static String protocol(Family family) {
        return family == Family.IPV4 ? "ip" : "ip6";
    }

    private static String set(String name, Family family, List<String> elements) {
        // An empty element list is a syntax error to nft.
        String listed = elements.isEmpty() ? "" : "        elements = { " + String.join(", ", elements) + " }\n";
        String type = family == Family.IPV4 ? "ipv4_addr" : "ipv6_addr";
        return "    set " + name + " {\n        type " + type + "\n        flags interval\n" + listed + "    }\n";
    }

    private static List<String> texts(List<Cidr> cidrs, Family family) {
        return texts(cidrs.stream().filter(cidr -> cidr.family() == family));
    }

    private static List<String> addressTexts(List<IpAddress> addresses, Family family) {
        return texts(addresses.stream().filter(address -> address.family() == family));
    }

    private static List<String> texts(Stream<?> values) {
        return values.map(Object::toString).collect(Collectors.toList());
    }
}
