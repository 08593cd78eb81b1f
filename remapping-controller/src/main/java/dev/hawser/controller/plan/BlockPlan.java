// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.condition.Verdict;
import dev.hawser.api.ipam.BlockIntent;
import dev.hawser.api.ipam.FamilyUsage;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.PoolSpec;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.ledger.Decision;
import dev.hawser.ipam.ledger.Former;
import dev.hawser.ipam.ledger.Grant;
import dev.hawser.ipam.ledger.Intent;
import dev.hawser.ipam.ledger.Ledger;
import dev.hawser.ipam.ledger.LedgerState;
import dev.hawser.ipam.ledger.ObjectRef;
import dev.hawser.ipam.ledger.Obstacle;
import dev.hawser.ipam.ledger.Owner;
import dev.hawser.ipam.ledger.PoolRanges;
import dev.hawser.ipam.ledger.PoolUsage;
import dev.hawser.ipam.ledger.Request;
import dev.hawser.ipam.ledger.Reservation;
import dev.hawser.ipam.ledger.Role;
import dev.hawser.ipam.ledger.Round;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One round of granting remapped ranges: Networks and the Pool in, intents and answers out. Pure. */
public final class BlockPlan {
    /** A Network as it was read. */
    public record Claim(
            String name,
            String uid,
            NetworkSpec spec,
            @Nullable NetworkStatus status) {
        /** What the Network records as granted. */
        public Optional<Cidr> recorded() {
            return BlockPlan.recorded(status);
        }

        ObjectRef object() {
            return new ObjectRef("Network " + name, uid);
        }
    }

    /**
     * What a Network is told.
     *
     * @param block what it shall record; empty if it gets nothing
     * @param inTheWay what keeps it from getting the wanted block in this round, by the name that a person can look up
     */
    public record Answer(Optional<Cidr> block, String type, Verdict verdict, Optional<String> inTheWay) {
        /** An answer that nobody is in the way of. */
        public Answer(Optional<Cidr> block, String type, Verdict verdict) {
            this(block, type, verdict, Optional.empty());
        }
    }

    /**
     * The outcome of a round.
     *
     * @param intents what the Pool must record before any Network is written
     * @param answers one for each Network of purpose Remapped, by its name, in the order of granting
     * @param ranges how full each range of the Pool was before this round
     * @param usage the same by family
     */
    public record Outcome(
            List<BlockIntent> intents, Map<String, Answer> answers, List<PoolUsage> ranges, List<FamilyUsage> usage) {}

    /**
     * What is in use besides what the Networks say.
     *
     * @param reservations what no name may lie in
     * @param routes what new names keep clear of; one that comes later takes nobody's name away
     */
    public record InUse(List<Reservation> reservations, List<HostRoute> routes) {
        /** Copies the lists. */
        public InUse {
            reservations = List.copyOf(reservations);
            routes = List.copyOf(routes);
        }
    }

    private static final int MOST_NAMED = 3;

    private final List<Reservation> reservations;
    private final List<Reservation> avoided;
    private final List<Grant> grants = new ArrayList<>();
    private final List<Request> requests = new ArrayList<>();
    private final Map<String, Answer> answers = new LinkedHashMap<>();
    private final Set<Owner> owners = new HashSet<>();

    private BlockPlan(InUse inUse, List<Cidr> pool) {
        this.reservations = new ArrayList<>(inUse.reservations());
        this.avoided = inUse.routes().stream()
                .filter(route -> route.isAvoided(pool))
                .map(route -> new Reservation(route.cidr(), route.holder()))
                .toList();
    }

    /**
     * Decides about all Networks at once.
     *
     * @param recorded the intents that the Pool records
     * @param networks all Networks, read after the Pool
     * @param inUse what else is in use
     * @param remembered blocks that owners had and whose Network lost them, by deletion or by somebody's hand
     * @throws dev.hawser.ipam.address.AddressException if the Pool itself cannot be read
     */
    public static Outcome decide(
            PoolSpec pool, List<BlockIntent> recorded, List<Claim> networks, InUse inUse, Map<Owner, Cidr> remembered) {
        List<Cidr> ranges = OwnCluster.cidrs(pool.cidrs());
        BlockPlan plan = new BlockPlan(inUse, ranges);
        networks.forEach(network -> plan.read(network, remembered));
        LedgerState state = new LedgerState(
                List.of(new PoolRanges(ObjectNames.POOL, ranges, OwnCluster.cidrs(pool.reserved()))),
                plan.reservations,
                plan.grants,
                recorded.stream()
                        .map(BlockPlan::intent)
                        .filter(intent -> plan.owners.contains(intent.owner()))
                        .toList(),
                plan.formers(remembered));
        Ledger ledger = Ledger.of(state);
        Round round = ledger.decide(plan.requests);
        round.decisions().forEach(plan::answer);
        List<PoolUsage> usage = ledger.usage();
        return new Outcome(
                round.intentsOf(ObjectNames.POOL).stream()
                        .map(BlockPlan::recorded)
                        .toList(),
                plan.answers,
                usage,
                usage(usage));
    }

    /** What a Network records as granted; nothing if somebody's hand made it unreadable. */
    public static Optional<Cidr> recorded(@Nullable NetworkStatus status) {
        try {
            return Optional.ofNullable(status).map(NetworkStatus::cidr).map(Cidr::parse);
        } catch (AddressException edited) {
            return Optional.empty();
        }
    }

    /** The key of the grant that a Network of purpose Remapped stands for. */
    public static Owner owner(OwnerReference reference) {
        return new Owner(
                reference.kind(), reference.clusterID(), Role.ofWord(reference.role()), Cidr.parse(reference.cidr()));
    }

    private void read(Claim network, Map<Owner, Cidr> remembered) {
        OwnerReference reference = network.spec().owner();
        try {
            if (network.spec().purpose() != NetworkPurpose.Remapped) {
                reservations.add(new Reservation(
                        Cidr.parse(network.spec().cidr()), network.object().name()));
            } else if (reference == null) {
                refuse(network, "a remapped Network needs spec.owner, the key of its grant; set it");
            } else {
                request(network, owner(reference), remembered);
            }
        } catch (IllegalArgumentException unreadable) {
            refuse(network, unreadable.getMessage() + "; correct its spec");
        }
    }

    private void request(Claim network, Owner owner, Map<Owner, Cidr> remembered) {
        owners.add(owner);
        Cidr wanted = Cidr.parse(network.spec().cidr());
        // Whoever asks for another name than the true one means it; the true one is only the most convenient.
        String truth = network.spec().trueCIDR();
        boolean exactly = !wanted.equals(owner.cidr()) && (truth == null || !wanted.equals(Cidr.parse(truth)));
        List<Reservation> avoid = new ArrayList<>(avoided);
        network.spec()
                .avoid()
                .forEach(text -> avoid.add(
                        new Reservation(Cidr.parse(text), network.object().name() + " (avoid)")));
        requests.add(new Request(owner, network.object(), wanted, exactly, avoid));
        // A grant never moves, not even by hand: what is recorded over it counts for nothing, and the owner of a
        // former block gets that again unless somebody else has it by now.
        Cidr before = remembered.get(owner);
        network.recorded()
                .filter(block -> before == null || before.equals(block))
                .ifPresent(block -> grants.add(new Grant(owner, block, network.object())));
    }

    private List<Former> formers(Map<Owner, Cidr> remembered) {
        Set<Owner> standing = grants.stream().map(Grant::owner).collect(Collectors.toSet());
        return remembered.entrySet().stream()
                .filter(entry -> !standing.contains(entry.getKey()))
                .map(entry -> new Former(entry.getKey(), entry.getValue()))
                .toList();
    }

    private void refuse(Claim network, @Nullable String why) {
        answers.put(
                network.name(),
                new Answer(
                        Optional.empty(),
                        "Conflict",
                        new Verdict.Fails("Unreadable", network.object().name() + ": " + why)));
    }

    private void answer(Decision decision) {
        String name = decision.request().object().name().substring("Network ".length());
        answers.put(
                name,
                switch (decision) {
                    case Decision.Granted granted ->
                        granted(
                                granted.block(),
                                granted.insteadOfWanted()
                                        .map(obstacle ->
                                                granted.block() + " instead of the wanted one: " + obstacle.reason())
                                        .orElse(granted.block() + " as wanted"),
                                granted.insteadOfWanted().map(Obstacle::object));
                    case Decision.AlreadyGranted already ->
                        granted(already.block(), already.block() + " is granted", Optional.empty());
                    case Decision.Conflict conflict ->
                        new Answer(
                                Optional.empty(),
                                "Conflict",
                                new Verdict.Fails(
                                        "Conflict", conflict.obstacle().reason()),
                                Optional.of(conflict.obstacle().object()));
                    case Decision.Exhausted exhausted ->
                        new Answer(
                                Optional.empty(),
                                "Exhausted",
                                new Verdict.Fails(
                                        "Exhausted",
                                        exhausted.reason()
                                                + avoided(exhausted.request().avoid())));
                });
    }

    /** The figures count what a request avoids as free. */
    private static String avoided(List<Reservation> avoid) {
        if (avoid.isEmpty()) {
            return "";
        }
        String more = avoid.size() > MOST_NAMED ? " and " + (avoid.size() - MOST_NAMED) + " more" : "";
        return avoid.stream()
                .limit(MOST_NAMED)
                .map(range -> range.cidr() + " of " + range.holder())
                .collect(Collectors.joining(", ", "; kept clear of ", more));
    }

    private static Answer granted(Cidr block, String message, Optional<String> inTheWay) {
        return new Answer(Optional.of(block), "Ready", new Verdict.Holds("Granted", message), inTheWay);
    }

    private static Intent intent(BlockIntent intent) {
        return new Intent(owner(intent.owner()), intent.uid(), Cidr.parse(intent.cidr()), ObjectNames.POOL);
    }

    private static BlockIntent recorded(Intent intent) {
        Owner owner = intent.owner();
        return new BlockIntent(
                new OwnerReference(
                        owner.kind(),
                        owner.clusterId(),
                        owner.role().word(),
                        owner.cidr().toString()),
                intent.uid(),
                intent.block().toString());
    }

    private static List<FamilyUsage> usage(List<PoolUsage> ranges) {
        List<FamilyUsage> usage = new ArrayList<>();
        for (Family family : Family.values()) {
            List<PoolUsage> own = ranges.stream()
                    .filter(range -> range.range().family() == family)
                    .toList();
            if (!own.isEmpty()) {
                BigInteger used = own.stream().map(PoolUsage::used).reduce(BigInteger.ZERO, BigInteger::add);
                BigInteger free = own.stream().map(PoolUsage::free).reduce(BigInteger.ZERO, BigInteger::add);
                usage.add(new FamilyUsage(family == Family.IPV4 ? "IPv4" : "IPv6", used.toString(), free.toString()));
            }
        }
        return usage;
    }
}
