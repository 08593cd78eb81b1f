// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Reservation;
import dev.hawser.ipam.ledger.Role;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What follows from the ClusterGateway alone: a Network for each external CIDR, and whether peers may come. Pure. */
public final class GatewayPlan {
    private GatewayPlan() {}

    /** The external Networks, by name. */
    public static Map<String, NetworkSpec> networks(OwnCluster own) {
        Map<String, NetworkSpec> networks = new TreeMap<>();
        for (Cidr cidr : own.externalCidrs()) {
            OwnerReference owner =
                    new OwnerReference("ClusterGateway", own.clusterID(), Role.EXTERNAL.word(), cidr.toString());
            networks.put(
                    ObjectNames.externalNetwork(cidr),
                    new NetworkSpec(cidr.toString(), NetworkPurpose.External, owner, List.of()));
        }
        return networks;
    }

    /** Whether an external Network may have its range: it must not be an address of a pod or a Service. */
    public static Verdict external(OwnCluster own, Cidr cidr) {
        for (Reservation reservation : own.reservations()) {
            boolean same =
                    reservation.cidr().equals(cidr) && own.externalCidrs().contains(cidr);
            if (!same && reservation.cidr().overlaps(cidr)) {
                return new Verdict.Fails(
                        "Overlap",
                        cidr + " overlaps " + reservation.cidr() + " of " + reservation.holder()
                                + "; choose another external CIDR there");
            }
        }
        if (cidr.hostBits() < 2) {
            return new Verdict.Fails("TooSmall", cidr + " has no room for a gateway address; take a /24 or shorter");
        }
        return new Verdict.Holds("Granted", cidr + " is ours to expose addresses in");
    }

    /**
     * Whether this cluster can be peered with.
     *
     * @param granted the external CIDRs whose Network is Ready
     */
    public static Verdict ready(OwnCluster own, List<String> granted) {
        if (own.publicKeys().isEmpty()) {
            return new Verdict.Fails(
                    "NoKey", "the gateway has published no key yet; look at its pod in namespace hawser-node");
        }
        return own.externalCidrs().stream()
                .filter(cidr -> !granted.contains(cidr.toString()))
                .<Verdict>map(cidr -> new Verdict.Fails(
                        "NoExternalNetwork",
                        "Network " + ObjectNames.externalNetwork(cidr) + " is not granted; its conditions say why"))
                .findFirst()
                .orElse(new Verdict.Holds("Serving", "keys are published and the external Networks are granted"));
    }
}
