// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Owner;
import dev.hawser.ipam.ledger.Role;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The Network that stands for a range of a peer. Immutable.
 *
 * @param key the range that its grant is keyed by: the first one that it stood for
 * @param truth the true range that it stands for now
 * @param block the name that it was granted, if it was
 */
record RangeHolder(Cidr key, Cidr truth, Optional<Cidr> block) {
    /**
     * Those of a peer, in the order of their keys.
     *
     * @param networks Networks of anybody
     * @param remembered what was granted to anybody: a Network that somebody deleted is made again for the same range
     */
    static List<RangeHolder> of(
            String peerID, Role role, Collection<BlockPlan.Claim> networks, Map<Owner, Cidr> remembered) {
        Map<Cidr, RangeHolder> holders = new TreeMap<>();
        remembered.forEach((owner, block) -> {
            if (owner.clusterId().equals(peerID) && owner.role() == role) {
                holders.put(owner.cidr(), new RangeHolder(owner.cidr(), owner.cidr(), Optional.of(block)));
            }
        });
        networks.stream()
                .flatMap(network -> of(peerID, role, network))
                .forEach(holder -> holders.put(holder.key(), holder));
        return List.copyOf(holders.values());
    }

    private static Stream<RangeHolder> of(String peerID, Role role, BlockPlan.Claim network) {
        OwnerReference owner = network.spec().owner();
        if (network.spec().purpose() != NetworkPurpose.Remapped
                || owner == null
                || !owner.clusterID().equals(peerID)
                || !owner.role().equals(role.word())) {
            return Stream.empty();
        }
        try {
            Cidr key = Cidr.parse(owner.cidr());
            // Another Network with that owner is a person's; the ledger tells which of the two holds the grant.
            return network.name().equals(ObjectNames.remappedNetwork(peerID, role, key))
                    ? Stream.of(new RangeHolder(key, truth(network, key), network.recorded()))
                    : Stream.empty();
        } catch (AddressException editedByHand) {
            return Stream.empty();
        }
    }

    /** Whether its name can stand for a range: a 1:1 remap needs the same length. */
    boolean fits(Cidr range) {
        return sameShape(key, range);
    }

    static boolean sameShape(Cidr one, Cidr other) {
        return one.family() == other.family() && one.prefixLength() == other.prefixLength();
    }

    private static Cidr truth(BlockPlan.Claim network, Cidr key) {
        try {
            String text = network.spec().trueCIDR();
            Cidr truth = text == null ? key : Cidr.parse(text);
            return sameShape(key, truth) ? truth : key;
        } catch (AddressException editedByHand) {
            return key;
        }
    }
}
