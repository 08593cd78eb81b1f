// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

/**
 * What a dual-stack cluster has besides its IPv4 addresses; an immutable value.
 *
 * @param nodeAddress second InternalIP of the Node; an address of the host
 * @param podCidr a prefix of at most 64 bits; pods of the one node get addresses from its first /64
 * @param serviceCidr range of the second ClusterIPs; at least 108 bits, as the API server demands
 */
public record Ipv6Ranges(String nodeAddress, String podCidr, String serviceCidr) {
    private static final int NODE_PREFIX = 64;

    public Ipv6Ranges {
        if (Prefixes.length(podCidr) > NODE_PREFIX) {
            throw new IllegalArgumentException(
                    "pod range \"" + podCidr + "\" has no room for a node's /64; write it as fd00:10:200::/56");
        }
    }

    /** The ranges of the demo. */
    public static Ipv6Ranges of(String nodeAddress) {
        return new Ipv6Ranges(nodeAddress, "fd00:10:200::/56", "fd00:10:95::/112");
    }

    /** The range of the node's own pods: the first that the controller manager gives away. */
    String nodePodCidr() {
        return Prefixes.first(podCidr, NODE_PREFIX);
    }
}
