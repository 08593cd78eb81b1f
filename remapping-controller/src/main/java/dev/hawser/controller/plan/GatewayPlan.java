// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.networking.Announcement;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Reservation;
import dev.hawser.ipam.ledger.Role;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What follows from the ClusterGateway: a Network for each external CIDR, whether peers may come, and how far they have
 * followed a change. Pure.
 */
public final class GatewayPlan {
    /** Names of peers in a message; beyond that only their number. */
    private static final int MOST_NAMES = 5;

    private GatewayPlan() {}

    /** The external Networks, by name. */
    public static Map<String, NetworkSpec> networks(OwnCluster own) {
        Map<String, NetworkSpec> networks = new TreeMap<>();
        for (Cidr cidr : own.externalCidrs()) {
            OwnerReference owner =
                    new OwnerReference("ClusterGateway", own.clusterID(), Role.EXTERNAL.word(), cidr.toString());
            networks.put(
                    ObjectNames.externalNetwork(cidr),
                    new NetworkSpec(cidr.toString(), NetworkPurpose.External, owner, List.of(), null));
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

    /**
     * Which of our keys and endpoints every peer's data path applies. Without a peer nobody has to.
     *
     * @param applied what each peer is known to apply, by its ID; {@link Announcement#NOTHING} if it never said
     */
    public static Announcement acknowledged(OwnCluster own, Map<String, Announcement> applied) {
        return new Announcement(
                own.publicKeys().stream()
                        .filter(key -> applied.values().stream()
                                .allMatch(peer -> peer.publicKeys().contains(key)))
                        .toList(),
                own.endpoints().stream()
                        .filter(endpoint -> applied.values().stream()
                                .allMatch(peer -> peer.endpoints().contains(endpoint)))
                        .toList());
    }

    /**
     * Whether every peer has followed, and if not, whom a rotation waits for.
     *
     * @param published whether the gateway has published what the spec says now; before, a change is not even announced
     */
    public static Verdict followed(OwnCluster own, Map<String, Announcement> applied, boolean published) {
        if (!published) {
            return new Verdict.Unknown("NotPublished", "the gateway has not published this version of the spec yet");
        }
        List<String> behind = applied.entrySet().stream()
                .filter(peer -> !peer.getValue().publicKeys().containsAll(own.publicKeys())
                        || !peer.getValue().endpoints().containsAll(own.endpoints()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (behind.isEmpty()) {
            return new Verdict.Holds("EveryPeer", "every peer applies our keys and endpoints as they are announced");
        }
        String names = behind.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        String more = behind.size() > MOST_NAMES ? " and " + (behind.size() - MOST_NAMES) + " more" : "";
        return new Verdict.Fails(
                "WaitingForPeers",
                names + more
                        + " did not say yet that all our keys and endpoints are applied there; a key rotation waits"
                        + " for them. Connect them, or delete the Peering of one that will not come back");
    }
}
