// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import java.util.List;
import java.util.Optional;

/**
 * What distinguishes one cluster of the demo from the other. Everything else is the same in both, the addresses of pods
 * included.
 *
 * @param id cluster ID
 * @param link name of its interfaces on hosts that several clusters share; an ID may be too long for the kernel
 * @param managementAddress its node on the management link
 * @param operatorAddress the operator on that link
 * @param nodeAddress its node as Kubernetes knows it, on the link to the world
 * @param router its node's neighbour on that link
 * @param nodeIpv6 the node's second address there
 * @param routerIpv6 where the node's IPv6 default route leads; nobody answers, for the world of the demo speaks IPv4
 * @param endpoint host:port that its gateway announces; empty if it can only dial out
 */
public record ClusterPlan(
        String id,
        String link,
        String managementAddress,
        String operatorAddress,
        String nodeAddress,
        String router,
        String nodeIpv6,
        String routerIpv6,
        Optional<String> endpoint) {
    /** Range of the pods of every cluster. */
    public static final String POD_CIDR = "10.200.0.0/16";
    /** The same in IPv6. */
    public static final String POD_CIDR_IPV6 = "fd00:10:200::/56";
    /** Range of the Services of every cluster. */
    public static final String SERVICE_CIDR = "10.95.0.0/16";
    /** The same in IPv6. */
    public static final String SERVICE_CIDR_IPV6 = "fd00:10:95::/112";
    /** Range under which every cluster exposes anything else. */
    public static final String EXTERNAL_CIDR = "10.70.0.0/16";
    /** The same in IPv6. */
    public static final String EXTERNAL_CIDR_IPV6 = "fd00:10:70::/112";
    /** Address of the gateway that has a public one. */
    public static final String PUBLIC_ADDRESS = "198.51.100.2";
    /** Port of every gateway. */
    public static final int GATEWAY_PORT = 51820;
    /** Port that a gateway can move to. */
    public static final int SPARE_PORT = 51830;

    /** The two clusters; one has a name that begins with a digit. */
    public static final List<ClusterPlan> ALL = List.of(
            new ClusterPlan(
                    "genoa",
                    "cluster-a",
                    "192.0.2.2",
                    "192.0.2.1",
                    PUBLIC_ADDRESS,
                    "198.51.100.1",
                    "2001:db8:51::2",
                    "2001:db8:51::1",
                    Optional.of(PUBLIC_ADDRESS + ":" + GATEWAY_PORT)),
            new ClusterPlan(
                    "3rd-lisbon",
                    "cluster-b",
                    "192.0.2.6",
                    "192.0.2.5",
                    "192.168.77.2",
                    "192.168.77.1",
                    "2001:db8:77::2",
                    "2001:db8:77::1",
                    Optional.empty()));

    /** The demo's own pods in every cluster; the first gets the same address in both. */
    public static final List<String> PODS = List.of("pod-1", "pod-2", "toolbox");

    /** The cluster that is not this one. */
    public ClusterPlan peer() {
        return ALL.get(0).equals(this) ? ALL.get(1) : ALL.get(0);
    }

    /** Name of one of its hosts, as {@code hawser demo enter} takes it. */
    public String host(String name) {
        return id + "/" + name;
    }
}
