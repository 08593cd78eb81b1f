// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * What the node of the gateway shall look like. Lists are sorted and free of duplicates, so that equal states are equal
 * values.
 *
 * @param mtu of the tunnel device, bytes of an inner IP packet
 * @param gatewayAddresses stand on the tunnel device as /32 or /128
 * @param podCidrs this cluster's pods
 * @param remappedCidrs what is routed into the tunnel: the ranges of all peers as they are named here
 * @param masqueraded local targets that have no route back to peers, so that sources are hidden from them
 */
public record NodeNetwork(
        int mtu,
        List<IpAddress> gatewayAddresses,
        List<Cidr> podCidrs,
        List<Cidr> remappedCidrs,
        List<IpAddress> masqueraded) {
    /** Sorts the lists and drops duplicates; of nested CIDRs the outermost stays, as nft sets want it. */
    public NodeNetwork {
        gatewayAddresses = gatewayAddresses.stream().distinct().sorted().toList();
        podCidrs = outermost(podCidrs);
        remappedCidrs = remappedCidrs.stream().distinct().sorted().toList();
        masqueraded = masqueraded.stream().distinct().sorted().toList();
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
                both(masqueraded, other.masqueraded));
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
