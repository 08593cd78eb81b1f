// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.ipam.BlockIntent;
import dev.hawser.api.ipam.PoolSpec;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.controller.plan.BlockPlan.Answer;
import dev.hawser.controller.plan.BlockPlan.Claim;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Reservation;
import dev.hawser.ipam.ledger.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The names that the ranges of a peer would get if it were peered with now, for a dry run. Pure. */
public final class MappingPreview {
    /**
     * One range.
     *
     * @param from the true range
     * @param to its name here; empty if it would get none
     * @param message how it comes to that name, or why it gets none
     */
    public record Line(Role role, Cidr from, Optional<Cidr> to, String message) {}

    private MappingPreview() {}

    /**
     * Decides as the controller would.
     *
     * @param own the cluster that names them
     * @param standing the Peering as it stands, whose ranges these are to replace
     * @param recorded the intents in the Pool's status
     * @param networks all Networks as they stand
     * @param reservations {@link OwnCluster#reservations()} and the addresses of the Nodes
     * @throws dev.hawser.ipam.address.AddressException naming the first range that cannot be read
     */
    public static List<Line> of(
            PeeringSpec peering,
            Optional<PeeringSpec> standing,
            OwnCluster own,
            PoolSpec pool,
            List<BlockIntent> recorded,
            List<Claim> networks,
            List<Reservation> reservations) {
        List<RangeClaim> wanted = new ArrayList<>();
        for (Role role : List.of(Role.POD, Role.EXTERNAL)) {
            List<RangeHolder> holders = RangeHolder.of(peering.clusterID(), role, networks, Map.of());
            wanted.addAll(RangeClaim.of(peering, own, role, new Succession(holders, listed(standing, role, holders))));
        }
        List<String> names = wanted.stream().map(RangeClaim::network).toList();
        List<Claim> all = new ArrayList<>(networks.stream()
                .filter(network -> !names.contains(network.name()))
                .toList());
        for (RangeClaim claim : wanted) {
            all.add(networks.stream()
                    .filter(network -> network.name().equals(claim.network()))
                    .map(network -> new Claim(network.name(), network.uid(), claim.spec(), network.status()))
                    .findFirst()
                    .orElseGet(() -> new Claim(claim.network(), claim.network(), claim.spec(), null)));
        }
        Map<String, Answer> answers =
                BlockPlan.decide(pool, recorded, all, reservations, Map.of()).answers();
        return wanted.stream()
                .map(claim -> {
                    Answer answer = answers.get(claim.network());
                    return answer == null
                            ? new Line(claim.role(), claim.cidr(), Optional.empty(), "it was not decided")
                            : new Line(
                                    claim.role(),
                                    claim.cidr(),
                                    answer.block(),
                                    answer.verdict().message());
                })
                .toList();
    }

    private static Map<Cidr, Cidr> listed(Optional<PeeringSpec> standing, Role role, List<RangeHolder> holders) {
        List<String> served = standing.map(spec -> role == Role.POD ? spec.podCIDRs() : spec.externalCIDRs())
                .orElse(List.of());
        return holders.stream()
                .filter(holder -> served.contains(holder.truth().toString()))
                .filter(holder -> holder.block().isPresent())
                .collect(Collectors.toMap(
                        RangeHolder::truth, holder -> holder.block().orElseThrow(), (first, _) -> first));
    }
}
