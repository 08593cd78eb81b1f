// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What distinguishes one cluster from another; an immutable value.
 *
 * @param name of the cluster, for people, and host name of its node
 * @param nodeName of its one Node
 * @param nodeAddress InternalIP of the Node, at which the API server is reached as well; an address of the host
 * @param podCidr an IPv4 prefix of at most 24 bits; pods of the one node get addresses from its first /24
 * @param serviceCidr range of the ClusterIPs
 * @param ipv6 makes the cluster dual-stack
 * @param proxyMode how kube-proxy works
 * @param sans addresses and names under which the API server is reached besides {@code nodeAddress}
 * @param images archives (OCI layout or of {@code docker save}) that the node has from the beginning
 */
public record ClusterSpec(
        String name,
        String nodeName,
        String nodeAddress,
        String podCidr,
        String serviceCidr,
        Optional<Ipv6Ranges> ipv6,
        KubeProxyMode proxyMode,
        List<String> sans,
        List<Path> images) {
    private static final int NODE_PREFIX = 24;

    public ClusterSpec {
        sans = List.copyOf(sans);
        images = List.copyOf(images);
        if (Prefixes.length(podCidr) > NODE_PREFIX) {
            throw new IllegalArgumentException(
                    "pod range \"" + podCidr + "\" has no room for a node's /24; write it as 10.200.0.0/16");
        }
    }

    /** A cluster with the ranges of the demo and kube-proxy in its own tables. */
    public static ClusterSpec of(String name, String nodeAddress) {
        return new ClusterSpec(
                name,
                "node",
                nodeAddress,
                "10.200.0.0/16",
                "10.95.0.0/16",
                Optional.empty(),
                KubeProxyMode.NFTABLES,
                List.of(),
                List.of());
    }

    public ClusterSpec with(KubeProxyMode mode) {
        return new ClusterSpec(name, nodeName, nodeAddress, podCidr, serviceCidr, ipv6, mode, sans, images);
    }

    /** The same cluster, dual-stack: IPv4 first. */
    public ClusterSpec with(Ipv6Ranges ranges) {
        return new ClusterSpec(
                name, nodeName, nodeAddress, podCidr, serviceCidr, Optional.of(ranges), proxyMode, sans, images);
    }

    public ClusterSpec withNodeName(String node) {
        return new ClusterSpec(name, node, nodeAddress, podCidr, serviceCidr, ipv6, proxyMode, sans, images);
    }

    public ClusterSpec withSans(String... more) {
        return new ClusterSpec(
                name, nodeName, nodeAddress, podCidr, serviceCidr, ipv6, proxyMode, List.of(more), images);
    }

    /** Imported while the control plane starts, which costs less time than {@link Cluster#importImage} afterwards. */
    public ClusterSpec withImages(Path... archives) {
        return new ClusterSpec(
                name, nodeName, nodeAddress, podCidr, serviceCidr, ipv6, proxyMode, sans, List.of(archives));
    }

    /** The range of the node's own pods: the first that the controller manager gives away. */
    String nodePodCidr() {
        return Prefixes.first(podCidr, NODE_PREFIX);
    }

    /** Both families' node addresses, as programs of Kubernetes take them. */
    String nodeAddresses() {
        return joined(nodeAddress, ipv6.map(Ipv6Ranges::nodeAddress));
    }

    String podCidrs() {
        return joined(podCidr, ipv6.map(Ipv6Ranges::podCidr));
    }

    String serviceCidrs() {
        return String.join(",", controlPlane().serviceCidrs());
    }

    ControlPlaneSpec controlPlane() {
        List<String> addresses = new ArrayList<>();
        addresses.add(nodeAddress);
        addresses.addAll(sans);
        List<String> services = new ArrayList<>();
        services.add(serviceCidr);
        ipv6.map(Ipv6Ranges::serviceCidr).ifPresent(services::add);
        return new ControlPlaneSpec(services, addresses);
    }

    private static String joined(String first, Optional<String> second) {
        return second.map(text -> first + "," + text).orElse(first);
    }
}
