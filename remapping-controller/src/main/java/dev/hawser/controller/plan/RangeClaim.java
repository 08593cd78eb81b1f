// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.RemapWish;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * The claim of a peer's range to a name here. Immutable.
 *
 * @param network the name of the Network that stands for it
 * @param spec what that Network asks for
 * @param cidr the true range
 */
record RangeClaim(String network, NetworkSpec spec, Role role, Cidr cidr) {
    /** The claims of a peer to names here, in the order of its ranges; those of a family that we lack get none. */
    static List<RangeClaim> of(PeeringSpec peering, OwnCluster own, Role role) {
        RemapWish wish = peering.remap() == null ? new RemapWish(List.of(), List.of()) : peering.remap();
        List<String> wishes = role == Role.POD ? wish.podCIDRs() : wish.externalCIDRs();
        List<Cidr> cidrs = OwnCluster.cidrs(role == Role.POD ? peering.podCIDRs() : peering.externalCIDRs());
        String peerID = peering.clusterID();
        List<RangeClaim> claims = new ArrayList<>();
        for (int i = 0; i < cidrs.size(); i++) {
            Cidr cidr = cidrs.get(i);
            String wanted = i < wishes.size() ? Cidr.parse(wishes.get(i)).toString() : cidr.toString();
            OwnerReference owner = new OwnerReference("Peering", peerID, role.word(), cidr.toString());
            claims.add(new RangeClaim(
                    ObjectNames.remappedNetwork(peerID, role, cidr),
                    new NetworkSpec(wanted, NetworkPurpose.Remapped, owner, List.of()),
                    role,
                    cidr));
        }
        return claims.stream()
                .filter(claim -> own.speaks(claim.cidr().family()))
                .toList();
    }
}
