// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.net.TrafficCount;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The networks of the demo.
 *
 * <pre>
 *  genoa/node                               3rd-lisbon/node   (each a whole Kubernetes with its pods)
 *   │      └─────────── operator ────────────┘      │ 192.168.77.0/24
 *   │           (management links,            3rd-lisbon/nat  (dials out only)
 *   │ 198.51.100.0/24  nothing forwarded)           │ 203.0.113.0/24
 *   └────────────── internet ───────────────────────┘
 * </pre>
 */
final class Topology {
    /** The host of the person who runs kubectl and hawser. */
    static final String OPERATOR = "operator";
    /** The router between the clusters. */
    static final String INTERNET = "internet";
    /** The host that is the node of a cluster. */
    static final String NODE = "node";

    private static final String LEAKED = "leaked";
    private static final String LEAKED_IPV6 = "leaked_ipv6";

    private static final String UPLINK = "eth0";

    private final NetworkLab lab;
    private final Map<String, Host> hosts = new LinkedHashMap<>();

    private Topology(NetworkLab lab) {
        this.lab = lab;
    }

    static Topology build(NetworkLab lab) {
        Topology topology = new Topology(lab);
        Host internet = topology.host(INTERNET);
        internet.forward(true);
        topology.host(OPERATOR);
        for (ClusterPlan plan : ClusterPlan.ALL) {
            topology.node(plan);
            topology.management(plan);
            topology.uplink(plan, internet);
            topology.countLeaks(plan);
        }
        topology.count();
        return topology;
    }

    Host get(String name) {
        Host host = hosts.get(name);
        if (host == null) {
            throw new IllegalArgumentException("no host \"" + name + "\"; there are " + hosts.keySet());
        }
        return host;
    }

    Host get(ClusterPlan plan, String name) {
        return get(plan.host(name));
    }

    /** Every host's namespace, as a path, by name. */
    Map<String, String> namespaces() {
        Map<String, String> paths = new LinkedHashMap<>();
        hosts.forEach((name, host) -> paths.put(name, host.namespace().toString()));
        return paths;
    }

    private Host host(String name) {
        Host host = lab.host(name.replace('/', '-'));
        // What IPv6 says by itself on a new link would spoil the counts, and the world of the demo needs none.
        host.sysctl("net/ipv6/conf/default/disable_ipv6", "1");
        host.sysctl("net/ipv6/conf/all/disable_ipv6", "1");
        hosts.put(name, host);
        return host;
    }

    /** Clusters speak both families. */
    private void node(ClusterPlan plan) {
        String name = plan.host(NODE);
        hosts.put(name, lab.host(name.replace('/', '-')));
    }

    private void management(ClusterPlan plan) {
        Host node = get(plan, NODE);
        Host operator = get(OPERATOR);
        lab.link(operator, plan.link(), node, "mgmt");
        operator.address(plan.link(), plan.operatorAddress() + "/30");
        node.sysctl("net/ipv6/conf/mgmt/disable_ipv6", "1");
        node.address("mgmt", plan.managementAddress() + "/30");
    }

    /** A public address if the cluster announces one, else a private one behind a NAT. */
    private void uplink(ClusterPlan plan, Host internet) {
        Host node = get(plan, NODE);
        if (plan.endpoint().isPresent()) {
            lab.link(node, UPLINK, internet, plan.link());
            internet.address(plan.link(), plan.router() + "/24");
        } else {
            Host nat = host(plan.host("nat"));
            lab.link(node, UPLINK, nat, "lan");
            nat.address("lan", plan.router() + "/24");
            lab.link(nat, "wan", internet, plan.link());
            nat.address("wan", "203.0.113.2/24");
            internet.address(plan.link(), "203.0.113.1/24");
            nat.route("default", "203.0.113.1");
            nat.masquerade("wan");
        }
        node.address(UPLINK, plan.nodeAddress() + "/24");
        node.route("default", plan.router());
        node.address(UPLINK, plan.nodeIpv6() + "/64");
        node.route("default", plan.routerIpv6());
    }

    /** Whatever is for a private address has no business on the uplink; service addresses are rewritten later. */
    private void countLeaks(ClusterPlan plan) {
        Map<String, String> leaks = Map.of(
                LEAKED,
                "oifname \"" + UPLINK + "\" ip daddr 10.0.0.0/8 ip daddr != " + ClusterPlan.SERVICE_CIDR,
                LEAKED_IPV6,
                "oifname \"" + UPLINK + "\" ip6 daddr fd00::/8 ip6 daddr != " + ClusterPlan.SERVICE_CIDR_IPV6);
        get(plan, NODE).count(TrafficCount.Hook.OUTPUT, leaks);
        get(plan, NODE).count(TrafficCount.Hook.FORWARD, leaks);
    }

    /** What may pass between the clusters and on the management links is counted from the first packet on. */
    private void count() {
        String ports = "{ " + ClusterPlan.GATEWAY_PORT + ", " + ClusterPlan.SPARE_PORT + " }";
        String gateway = ClusterPlan.PUBLIC_ADDRESS;
        Map<String, String> tunnel = new LinkedHashMap<>();
        tunnel.put("tunnel_in", "ip daddr %s udp dport %s".formatted(gateway, ports));
        tunnel.put("tunnel_out", "ip saddr %s udp sport %s".formatted(gateway, ports));
        // What a kernel says of a port that its dead gateway served.
        tunnel.put("closed_in", "ip daddr %s icmp type destination-unreachable".formatted(gateway));
        tunnel.put("closed_out", "ip saddr %s icmp type destination-unreachable".formatted(gateway));
        get(INTERNET).count(TrafficCount.Hook.FORWARD, tunnel);
        Host operator = get(OPERATOR);
        String nodes = ClusterPlan.ALL.get(0).managementAddress() + ", "
                + ClusterPlan.ALL.get(1).managementAddress();
        operator.count(TrafficCount.Hook.OUTPUT, Map.of("api", "ip daddr { %s } tcp dport 443".formatted(nodes)));
        operator.count(TrafficCount.Hook.INPUT, Map.of("api", "ip saddr { %s } tcp sport 443".formatted(nodes)));
    }
}
