// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.SimulatedNetwork.Fate;
import dev.hawser.ipam.ledger.SimulatedReplica.Habit;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What happens to the blocks of one cluster, from its seed, and whether it ended well. */
final class BlockStory {
    static final List<PoolRanges> POOLS = List.of(
            new PoolRanges("a", List.of(Cidr.parse("10.0.0.0/27")), List.of()),
            new PoolRanges("b", List.of(Cidr.parse("10.0.1.0/27"), Cidr.parse("10.0.2.0/28")), List.of()));

    /** Of which each object takes a half or all, so that one that goes opens the pool that it was in. */
    private static final List<PoolRanges> TIGHT_POOLS = List.of(
            new PoolRanges("a", List.of(Cidr.parse("10.0.0.0/28")), List.of()),
            new PoolRanges("b", List.of(Cidr.parse("10.0.1.0/28")), List.of()));

    private static final int STEPS = 250;
    private static final int STEPS_TO_SETTLE = 2_000;
    /** How many of a hundred steps the first replica has: a paused process wakes up in a world that went on. */
    private static final int[] FAVOURS = {2, 50, 98};

    private final SplittableRandom random;
    private final boolean people;
    private final List<PoolRanges> pools;
    private final int names;
    /** Of two hundred steps so many; they differ from story to story, because what is rare together never meets. */
    private final int creations;

    private final int deletions;
    private final int crashes;
    private final int pauses;
    private final SimulatedApiServer server;
    private final SimulatedNetwork network;
    private final List<SimulatedReplica> replicas;
    private int favoured = 50;

    /** The story of a seed; in every second one people write into the status of objects. */
    BlockStory(long seed, Habit habit) {
        this.random = new SplittableRandom(seed);
        this.people = seed % 2 == 1;
        boolean tight = random.nextBoolean();
        this.pools = tight ? TIGHT_POOLS : POOLS;
        this.names = tight ? 5 : 10;
        this.creations = 6 + random.nextInt(20);
        this.deletions = 3 + random.nextInt(12);
        this.crashes = random.nextInt(12);
        this.pauses = 2 + random.nextInt(16);
        this.server = new SimulatedApiServer(pools, !people);
        this.network = new SimulatedNetwork(this::fate);
        this.replicas = List.of(
                new SimulatedReplica(pools, habit, server, network),
                new SimulatedReplica(pools, habit, server, network));
    }

    /** One that has been played and only has to end. */
    BlockStory(SimulatedApiServer server, SimulatedNetwork network, List<SimulatedReplica> replicas) {
        this.random = new SplittableRandom(0);
        this.people = false;
        this.pools = POOLS;
        this.names = 0;
        this.creations = 0;
        this.deletions = 0;
        this.crashes = 0;
        this.pauses = 0;
        this.server = server;
        this.network = network;
        this.replicas = replicas;
    }

    /** Plays it; what went wrong first, if anything. */
    Optional<String> play() {
        for (int step = 0; step < STEPS; step++) {
            act();
            if (server.broken().isPresent()) {
                return Optional.of("step " + step + ": " + server.broken().get());
            }
        }
        Optional<String> broken = ending();
        if (broken.isEmpty() && people) {
            // Somebody looks at the conditions and clears up what people brought about.
            server.objects().forEach((name, object) -> {
                if (object.content().byHand() || isConflict(name)) {
                    server.delete(name);
                }
            });
            return ending().or(this::leftOver);
        }
        return broken.or(this::leftOver);
    }

    /** Left alone, they finish: everybody who can be served is, and whoever is not is told a reason that is true. */
    Optional<String> ending() {
        network.calm();
        replicas.forEach(SimulatedReplica::hear);
        for (int step = 0; !settled(); step++) {
            if (step == STEPS_TO_SETTLE) {
                return Optional.of("did not settle: " + server.intents() + server.objects());
            }
            replicas.get(random.nextInt(replicas.size())).step();
            replicas.forEach(SimulatedReplica::hear);
        }
        return server.broken()
                .or(() -> lastRound().decisions().stream()
                        .flatMap(decision -> objection(decision).stream())
                        .findFirst());
    }

    private void act() {
        SimulatedReplica replica = replicas.get(random.nextInt(100) < favoured ? 0 : 1);
        String name = "object " + random.nextInt(names);
        int dice = random.nextInt(200);
        if ((dice -= creations) < 0) {
            server.create(name, owner());
        } else if ((dice -= deletions) < 0) {
            server.delete(name);
        } else if ((dice -= crashes) < 0) {
            replica.crash();
        } else if ((dice -= pauses) < 0) {
            favoured = FAVOURS[random.nextInt(FAVOURS.length)];
        } else if ((dice -= 4) < 0) {
            if (people) {
                server.edit(name, anyBlock());
            }
        } else if ((dice -= 14) < 0) {
            if (network.late() > 0) {
                network.deliver(random.nextInt(network.late()));
            }
        } else if ((dice -= 30) < 0) {
            replica.hear();
        } else {
            replica.step();
        }
    }

    private Fate fate() {
        int dice = random.nextInt(20);
        return switch (dice) {
            case 0 -> Fate.REFUSED;
            case 1 -> Fate.UNHEARD;
            case 2, 3 -> Fate.LATE;
            default -> Fate.ARRIVES;
        };
    }

    /** Of few owners, so that two objects may stand for one. */
    private Owner owner() {
        return new Owner(
                "Peering",
                "c" + random.nextInt(4),
                random.nextBoolean() ? Role.POD : Role.EXTERNAL,
                Cidr.parse(random.nextBoolean() ? "10.0.0.0/29" : "10.0.0.0/28"));
    }

    private Cidr anyBlock() {
        return Cidr.enclosing(Cidr.parse("10.0.0.0/22").network().plus(random.nextInt(1024)), 27 + random.nextInt(3));
    }

    private boolean settled() {
        return replicas.stream().allMatch(SimulatedReplica::resting);
    }

    private Round lastRound() {
        LedgerState state = new LedgerState(
                pools, List.of(), SimulatedApiServer.grants(server.objects()), server.intents(), List.of());
        return Ledger.of(state).decide(SimulatedApiServer.requests(server.objects()));
    }

    private boolean isConflict(String name) {
        return lastRound().decisions().stream()
                .anyMatch(decision -> decision instanceof Decision.Conflict
                        && decision.request().object().name().equals(name));
    }

    /** What is wrong with a decision in a state where nothing is under way. */
    private Optional<String> objection(Decision decision) {
        return switch (decision) {
            case Decision.AlreadyGranted _ -> Optional.empty();
            case Decision.Granted granted -> Optional.of("not recorded: " + granted);
            case Decision.Conflict conflict -> objection(conflict);
            case Decision.Exhausted exhausted ->
                freeBlocks(exhausted.request().wanted().prefixLength())
                        .findFirst()
                        .map(free -> exhausted.request() + " was refused although " + free + " is free");
        };
    }

    private Optional<String> objection(Decision.Conflict conflict) {
        Request request = conflict.request();
        String inTheWay = conflict.obstacle().object();
        boolean exists = server.objects().containsKey(inTheWay);
        boolean sameOwner = server.objects().entrySet().stream()
                .anyMatch(entry -> !entry.getKey().equals(request.object().name())
                        && entry.getValue().content().owner().equals(request.owner()));
        return exists && (people || sameOwner)
                ? Optional.empty()
                : Optional.of(request + " was refused because of " + conflict.obstacle());
    }

    /** Blocks that overlap nothing that is recorded or promised, found the slow way. */
    private Stream<Cidr> freeBlocks(int prefixLength) {
        List<Cidr> taken = Stream.concat(
                        SimulatedApiServer.grants(server.objects()).stream().map(Grant::block),
                        server.intents().stream().map(Intent::block))
                .toList();
        return pools.stream()
                .flatMap(pool -> pool.cidrs().stream())
                .filter(range -> range.prefixLength() <= prefixLength)
                .flatMap(range -> Stream.iterate(
                        Cidr.of(range.first(), prefixLength),
                        range::contains,
                        block -> Cidr.of(block.last().plus(1), prefixLength)))
                .filter(block -> taken.stream().noneMatch(block::overlaps));
    }

    /**
     * What is promised to nobody, or withheld for nothing. A promise to the second object of an owner is kept until somebody
     * deletes that, as its condition says.
     */
    private Optional<String> leftOver() {
        Set<String> rivals = lastRound().decisions().stream()
                .filter(Decision.Conflict.class::isInstance)
                .map(decision -> decision.request().object().uid())
                .collect(Collectors.toSet());
        if (!server.intents().stream().allMatch(intent -> rivals.contains(intent.uid()))) {
            return Optional.of("intents left: " + server.intents());
        }
        List<Grant> grants = SimulatedApiServer.grants(server.objects());
        BigInteger granted =
                grants.stream().map(grant -> grant.block().size()).reduce(BigInteger.ZERO, BigInteger::add);
        LedgerState state = new LedgerState(pools, List.of(), grants, List.of(), List.of());
        BigInteger used =
                Ledger.of(state).usage().stream().map(PoolUsage::used).reduce(BigInteger.ZERO, BigInteger::add);
        return used.equals(granted) ? Optional.empty() : Optional.of("leaked: " + used + " of " + granted);
    }
}
