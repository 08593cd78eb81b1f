// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.PoolSpec;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.controller.plan.BlockPlan.Answer;
import dev.hawser.controller.plan.BlockPlan.Claim;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Owner;
import dev.hawser.ipam.ledger.Role;
import dev.hawser.ipam.remap.Remap;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The names that ranges of peers have, and those that they would get if the controller decided now: for a dry run and for
 * questions. Decided by {@link BlockPlan}, as the controller does. Pure.
 */
public final class MappingPreview {
    /**
     * One range.
     *
     * @param network the Network that stands, or would stand, for it
     * @param owner the key of its grant
     * @param from the true range
     * @param wanted the name that is asked for; the true range itself unless somebody wishes another
     * @param to its name here; empty if it would get none
     * @param granted whether the Network records that already
     * @param inTheWay what keeps it from the wanted name, if it would get that otherwise
     * @param message how it comes to that name, or why it gets none
     */
    public record Line(
            String network,
            Owner owner,
            Cidr from,
            Cidr wanted,
            Optional<Cidr> to,
            boolean granted,
            Optional<String> inTheWay,
            String message) {
        /** The peer whose range it is. */
        public String clusterID() {
            return owner.clusterId();
        }

        /** What the peer uses the range for. */
        public Role role() {
            return owner.role();
        }
    }

    private static final Answer NO_POOL = new Answer(
            Optional.empty(),
            "Exhausted",
            new Verdict.Fails(
                    "NoPool",
                    "there is no Pool " + ObjectNames.POOL + "; create it, manifests/kustomize/default has one"));

    private final ClusterObjects cluster;
    private final Map<String, Claim> networks = new TreeMap<>();
    /** The true range where it is not the key of the grant. */
    private final Map<String, Cidr> ranges = new HashMap<>();

    private MappingPreview(ClusterObjects cluster) {
        this.cluster = cluster;
        cluster.networks().forEach(network -> networks.put(network.name(), network));
    }

    /**
     * All ranges of all peers, in the order of granting.
     *
     * @param joining Peerings as they shall be, in place of those of the same clusters that stand
     * @throws AddressException naming the first range of a joining one, or of the Pool, that cannot be read
     */
    public static List<Line> of(ClusterObjects cluster, Collection<PeeringSpec> joining) {
        MappingPreview preview = new MappingPreview(cluster);
        Map<String, PeeringSpec> peerings = new TreeMap<>();
        joining.forEach(peering -> peerings.put(peering.clusterID(), peering));
        cluster.peers().stream()
                .filter(peer -> !peerings.containsKey(peer.clusterID()))
                .forEach(peer -> preview.claimIfReadable(peer.spec()));
        peerings.values().forEach(preview::claim);
        return preview.decide();
    }

    /** Of one that cannot be read its own condition tells; it must not hide the others. */
    private void claimIfReadable(PeeringSpec peering) {
        try {
            claim(peering);
        } catch (AddressException unreadable) {
            // It claims nothing.
        }
    }

    private void claim(PeeringSpec peering) {
        if (peering.clusterID().equals(cluster.own().clusterID())) {
            return;
        }
        List<RangeClaim> claims = Stream.of(Role.POD, Role.EXTERNAL)
                .flatMap(role ->
                        RangeClaim.of(peering, cluster.own(), role, succession(peering.clusterID(), role)).stream())
                .toList();
        for (RangeClaim claim : claims) {
            Claim standing = networks.get(claim.network());
            // A name is as good as a uid for one that does not exist yet: promises are bound to objects.
            networks.put(
                    claim.network(),
                    standing == null
                            ? new Claim(claim.network(), claim.network(), claim.spec(), null)
                            : new Claim(claim.network(), standing.uid(), claim.spec(), standing.status()));
            ranges.put(claim.network(), claim.cidr());
        }
    }

    private Succession succession(String peerID, Role role) {
        RangeNames listed = cluster.peer(peerID)
                .map(peer -> role == Role.POD ? peer.pods() : peer.externals())
                .orElse(new RangeNames(List.of()));
        return new Succession(
                RangeHolder.of(peerID, role, cluster.networks(), Map.of()),
                listed.remaps().stream().collect(Collectors.toMap(Remap::from, Remap::to, (first, _) -> first)));
    }

    private List<Line> decide() {
        Map<String, Answer> answers = cluster.pool().map(this::answers).orElse(Map.of());
        return networks.values().stream()
                .filter(network -> network.spec().purpose() == NetworkPurpose.Remapped)
                .flatMap(network ->
                        line(network, Objects.requireNonNullElse(answers.get(network.name()), NO_POOL)).stream())
                .sorted(Comparator.comparing(Line::owner))
                .toList();
    }

    private Map<String, Answer> answers(PoolSpec pool) {
        return BlockPlan.decide(pool, cluster.intents(), List.copyOf(networks.values()), cluster.inUse(), Map.of())
                .answers();
    }

    /** Nothing for a Network that somebody made with an owner that cannot be read; its condition says so. */
    private Optional<Line> line(Claim network, Answer answer) {
        OwnerReference reference = network.spec().owner();
        if (reference == null) {
            return Optional.empty();
        }
        try {
            Owner owner = BlockPlan.owner(reference);
            return Optional.of(new Line(
                    network.name(),
                    owner,
                    Objects.requireNonNullElse(ranges.get(network.name()), owner.cidr()),
                    Cidr.parse(network.spec().cidr()),
                    answer.block(),
                    answer.block().isPresent() && answer.block().equals(network.recorded()),
                    answer.inTheWay(),
                    answer.verdict().message()));
        } catch (IllegalArgumentException unreadable) {
            return Optional.empty();
        }
    }
}
