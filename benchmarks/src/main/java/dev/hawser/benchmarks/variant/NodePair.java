// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;

/** Two nodes on one link, as every variant gets them. */
public record NodePair(Node left, Node right) {
    static final String UPLINK = "eth0";
    private static final String BRIDGE = "cni0";
    private static final String POD = ".1.5/16";
    static final String LEFT_ADDRESS = "198.51.100.1";
    static final String RIGHT_ADDRESS = "198.51.100.2";

    /**
     * A node with one pod behind its bridge.
     *
     * @param podCidr range of the pods; there may be a second one, see {@link #alsoPlain}
     * @param podAddress address of the pod
     */
    public record Node(Host host, Host pod, String podCidr, String podAddress) {}

    /**
     * Builds the pair.
     *
     * @param variant prefix of the hosts' names
     * @param leftPods first two numbers of the left pod range, a /16
     * @param rightPods the same of the right one
     */
    static NodePair build(NetworkLab lab, String variant, String leftPods, String rightPods) {
        Node left = node(lab, variant + "-left", leftPods, rightPods);
        Node right = node(lab, variant + "-right", rightPods, leftPods);
        lab.link(left.host(), UPLINK, right.host(), UPLINK);
        left.host().address(UPLINK, LEFT_ADDRESS + "/24");
        right.host().address(UPLINK, RIGHT_ADDRESS + "/24");
        return new NodePair(left, right);
    }

    /**
     * Gives both pods an address of a second range, by which they know each other as well.
     *
     * @param leftPods first two numbers of the left range, a /16
     * @param rightPods the same of the right one
     */
    void alsoPlain(String leftPods, String rightPods) {
        alsoPlain(left, leftPods, rightPods);
        alsoPlain(right, rightPods, leftPods);
    }

    private static void alsoPlain(Node node, String pods, String peerPods) {
        node.host().address(BRIDGE, pods + ".0.1/16");
        node.host().nft(masquerading(pods, peerPods));
        node.pod().address(UPLINK, pods + POD);
        node.pod().run("ip", "route", "add", peerPods + ".0.0/16", "via", pods + ".0.1", "src", pods + ".1.5");
    }

    /** Sets what the nodes' own network cards do for them. */
    public void offload(Offloads offloads) {
        for (Node node : new Node[] {left, right}) {
            node.host().run(offloads.command(UPLINK));
        }
    }

    private static Node node(NetworkLab lab, String name, String pods, String peerPods) {
        Host host = lab.host(name);
        Host pod = lab.host(name + "-pod");
        String cidr = pods + ".0.0/16";
        host.bridge(BRIDGE, pods + ".0.1/16");
        lab.link(host, "pod1", pod, UPLINK);
        host.plug("pod1", BRIDGE);
        pod.address(UPLINK, pods + POD);
        pod.route("default", pods + ".0.1");
        host.forward(true);
        host.nft(masquerading(pods, peerPods));
        return new Node(host, pod, cidr, pods + ".1.5");
    }

    /**
     * As CNI plugins do it: every variant pays for the connection tracking that a node has anyway. The exception is for
     * variants that do not see to it themselves that pods keep their addresses.
     */
    private static String masquerading(String pods, String peerPods) {
        return """
                table ip cni {
                    chain postrouting {
                        type nat hook postrouting priority srcnat; policy accept;
                        ip daddr %2$s.0.0/16 return
                        ip saddr %1$s.0.0/16 ip daddr != %1$s.0.0/16 oifname != "cni0" masquerade
                    }
                }
                """.formatted(pods, peerPods);
    }
}
