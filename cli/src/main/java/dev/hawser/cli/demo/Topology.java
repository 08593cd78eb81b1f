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
 *  genoa/pod-1 genoa/pod-2 genoa/controller      3rd-lisbon/controller 3rd-lisbon/pod-1 3rd-lisbon/pod-2
 *        └──────────┴───cni0───┘                            └───cni0───┴──────────┘
 *                   genoa/node                               3rd-lisbon/node
 *                    │      └─────────── operator ────────────┘      │ 192.168.77.0/24
 *       198.51.100.0/24           (management links,            3rd-lisbon/nat  (dials out only)
 *                    │             nothing forwarded)                │ 203.0.113.0/24
 *                    └────────────── internet ──────────────────────┘
 * </pre>
 */
final class Topology {
    /** The host of the person who runs kubectl and hawser. */
    static final String OPERATOR = "operator";
    /** The router between the clusters. */
    static final String INTERNET = "internet";
    /** The host of a cluster's control plane, gateway and proxy. */
    static final String NODE = "node";

    private static final String BRIDGE = "cni0";

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
            topology.pods(plan);
            topology.management(plan);
            topology.uplink(plan, internet);
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
        // IPv4 only, by default: what IPv6 says by itself on a new link would spoil the counts.
        host.sysctl("net/ipv6/conf/default/disable_ipv6", "1");
        host.sysctl("net/ipv6/conf/all/disable_ipv6", "1");
        hosts.put(name, host);
        return host;
    }

    /** A node with a bridge and a namespace for each pod, as a CNI would lay it out. */
    private void pods(ClusterPlan plan) {
        Host node = host(plan.host(NODE));
        node.forward(true);
        node.bridge(BRIDGE, ClusterPlan.BRIDGE_ADDRESS + "/16");
        for (ClusterPlan.Pod pod : ClusterPlan.PODS) {
            Host host = host(plan.host(pod.name()));
            lab.link(node, pod.name(), host, "eth0");
            node.plug(pod.name(), BRIDGE);
            host.address("eth0", pod.address() + "/16");
            host.route("default", ClusterPlan.BRIDGE_ADDRESS);
        }
        // CNI plugins hide pods that leave the cluster behind their node; the gateway must cope with it.
        node.nft("""
                table ip cni {
                  chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    ip saddr %1$s ip daddr != %1$s oifname != "%2$s" masquerade
                  }
                }
                """.formatted(ClusterPlan.POD_CIDR, BRIDGE));
    }

    private void management(ClusterPlan plan) {
        Host node = get(plan, NODE);
        Host operator = get(OPERATOR);
        lab.link(operator, plan.link(), node, "mgmt");
        operator.address(plan.link(), plan.operatorAddress() + "/30");
        node.address("mgmt", plan.managementAddress() + "/30");
    }

    /** A public address if the cluster announces one, else a private one behind a NAT. */
    private void uplink(ClusterPlan plan, Host internet) {
        Host node = get(plan, NODE);
        if (plan.endpoint().isPresent()) {
            lab.link(node, "eth0", internet, plan.link());
            node.address("eth0", ClusterPlan.PUBLIC_ADDRESS + "/24");
            internet.address(plan.link(), "198.51.100.1/24");
            node.route("default", "198.51.100.1");
            return;
        }
        Host nat = host(plan.host("nat"));
        lab.link(node, "eth0", nat, "lan");
        node.address("eth0", "192.168.77.2/24");
        nat.address("lan", "192.168.77.1/24");
        node.route("default", "192.168.77.1");
        lab.link(nat, "wan", internet, plan.link());
        nat.address("wan", "203.0.113.2/24");
        internet.address(plan.link(), "203.0.113.1/24");
        nat.route("default", "203.0.113.1");
        nat.masquerade("wan");
    }

    /** What may pass between the clusters and on the management links is counted from the first packet on. */
    private void count() {
        Map<String, String> tunnel = new LinkedHashMap<>();
        tunnel.put(
                "tunnel_in",
                "ip daddr %s udp dport %d".formatted(ClusterPlan.PUBLIC_ADDRESS, ClusterPlan.GATEWAY_PORT));
        tunnel.put(
                "tunnel_out",
                "ip saddr %s udp sport %d".formatted(ClusterPlan.PUBLIC_ADDRESS, ClusterPlan.GATEWAY_PORT));
        get(INTERNET).count(TrafficCount.Hook.FORWARD, tunnel);
        Host operator = get(OPERATOR);
        String nodes = ClusterPlan.ALL.get(0).managementAddress() + ", "
                + ClusterPlan.ALL.get(1).managementAddress();
        operator.count(TrafficCount.Hook.OUTPUT, Map.of("api", "ip daddr { %s } tcp dport 443".formatted(nodes)));
        operator.count(TrafficCount.Hook.INPUT, Map.of("api", "ip saddr { %s } tcp sport 443".formatted(nodes)));
    }
}
