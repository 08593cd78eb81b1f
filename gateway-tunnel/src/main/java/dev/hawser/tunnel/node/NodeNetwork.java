// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What the node of the gateway shall look like. Lists are sorted and free of duplicates, so that equal states are equal
 * values.
 *
 * @param mtu of the tunnel device, bytes of an inner IP packet
 * @param gatewayAddresses stand on the tunnel device as /32 or /128
 * @param podCidrs this cluster's pods
 * @param remappedCidrs what is routed into the tunnel: the ranges of all peers as they are named here
 * @param pathMtus by remapped range: the largest packet that reaches its peer, where that is less than the device takes
 * @param narrow by peers' endpoints: the outer packets that their paths take, where larger ones have to be sent all the same
 * @param masqueraded local targets that have no route back to peers, so that sources are hidden from them
 */
public record NodeNetwork(
        int mtu,
        List<IpAddress> gatewayAddresses,
        List<Cidr> podCidrs,
        List<Cidr> remappedCidrs,
        List<IpAddress> masqueraded,
        Map<Cidr, Integer> pathMtus,
        Map<IpAddress, Integer> narrow) {
    /** Sorts the lists and drops duplicates; of nested CIDRs the outermost stays, as nft sets want it. */
    public NodeNetwork {
        gatewayAddresses = gatewayAddresses.stream().distinct().sorted().toList();
        podCidrs = outermost(podCidrs);
        remappedCidrs = remappedCidrs.stream().distinct().sorted().toList();
        masqueraded = masqueraded.stream().distinct().sorted().toList();
        pathMtus = Map.copyOf(pathMtus);
        narrow = Map.copyOf(narrow);
    }

    /** A node whose paths all take what the device does. */
    public NodeNetwork(
            int mtu,
            List<IpAddress> gatewayAddresses,
            List<Cidr> podCidrs,
            List<Cidr> remappedCidrs,
            List<IpAddress> masqueraded) {
        this(mtu, gatewayAddresses, podCidrs, remappedCidrs, masqueraded, Map.of(), Map.of());
    }

    /** The same node with other paths. */
    public NodeNetwork with(Map<Cidr, Integer> otherPathMtus, Map<IpAddress, Integer> otherNarrow) {
        return new NodeNetwork(mtu, gatewayAddresses, podCidrs, remappedCidrs, masqueraded, otherPathMtus, otherNarrow);
    }

    /** A node without any peer and without an address on the device. */
    public static NodeNetwork empty(int mtu) {
        return new NodeNetwork(mtu, List.of(), List.of(), List.of(), List.of());
    }

    /** This node, but with rules for the ranges of the other as well: what stands between the two during a change. */
    NodeNetwork joinedWith(NodeNetwork other) {
        return new NodeNetwork(
                mtu,
                gatewayAddresses,
                both(podCidrs, other.podCidrs),
                both(remappedCidrs, other.remappedCidrs),
                both(masqueraded, other.masqueraded),
                pathMtus,
                narrow);
    }

    /** Whether anything here is of that family. */
    boolean speaks(Family family) {
        return gatewayAddresses.stream().anyMatch(address -> address.family() == family)
                || podCidrs.stream().anyMatch(cidr -> cidr.family() == family)
                || remappedCidrs.stream().anyMatch(cidr -> cidr.family() == family);
    }

    static List<Cidr> outermost(Collection<Cidr> cidrs) {
        return cidrs.stream()
                .distinct()
                .filter(cidr -> cidrs.stream().noneMatch(other -> !other.equals(cidr) && other.contains(cidr)))
                .sorted()
                .toList();
    }

    private static <T> List<T> both(List<T> one, List<T> other) {
        List<T> joined = new ArrayList<>(one);
        joined.addAll(other);
        return joined;
    }
}
