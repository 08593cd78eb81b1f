// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.RemapWish;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Owner;
import dev.hawser.ipam.ledger.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The claim of a peer's range to a name here. Immutable.
 *
 * @param network the name of the Network that stands for it
 * @param spec what that Network is to ask for
 * @param cidr the true range
 */
record RangeClaim(String network, NetworkSpec spec, Role role, Cidr cidr) {
    /**
     * The claims of a peer to names here, in the order of its ranges; those of a family that we lack get none.
     *
     * @param succession what stands for ranges of this peer and role
     */
    static List<RangeClaim> of(PeeringSpec peering, OwnCluster own, Role role, Succession succession) {
        RemapWish wish = peering.remap() == null ? new RemapWish(List.of(), List.of()) : peering.remap();
        List<String> wishes = role == Role.POD ? wish.podCIDRs() : wish.externalCIDRs();
        List<Cidr> cidrs = OwnCluster.cidrs(role == Role.POD ? peering.podCIDRs() : peering.externalCIDRs());
        Map<Cidr, Cidr> keys = succession.keys(
                cidrs.stream().filter(cidr -> own.speaks(cidr.family())).toList());
        List<RangeClaim> claims = new ArrayList<>();
        for (int i = 0; i < cidrs.size(); i++) {
            Cidr cidr = cidrs.get(i);
            Cidr wanted = i < wishes.size() ? Cidr.parse(wishes.get(i)) : cidr;
            Cidr key = keys.get(cidr);
            if (key != null) {
                claims.add(of(peering.clusterID(), role, key, cidr, wanted));
            }
        }
        return claims;
    }

    /** The key of the grant that it asks for. */
    Owner owner() {
        return BlockPlan.owner(Objects.requireNonNull(spec.owner()));
    }

    private static RangeClaim of(String peerID, Role role, Cidr key, Cidr cidr, Cidr wanted) {
        OwnerReference owner = new OwnerReference("Peering", peerID, role.word(), key.toString());
        return new RangeClaim(
                ObjectNames.remappedNetwork(peerID, role, key),
                new NetworkSpec(
                        wanted.toString(),
                        NetworkPurpose.Remapped,
                        owner,
                        List.of(),
                        key.equals(cidr) ? null : cidr.toString()),
                role,
                cidr);
    }
}
