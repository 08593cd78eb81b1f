// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.ExposureReplica.Habit;
import dev.hawser.ipam.ledger.ExposureServer.Recorded;
import dev.hawser.ipam.ledger.ExposureServer.Stored;
import dev.hawser.ipam.ledger.SimulatedNetwork.Fate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/** What happens to the exposures of one cluster, from its seed, and whether it ended well. */
final class ExposureStory {
    private static final int STEPS = 250;
    private static final int STEPS_TO_SETTLE = 2_000;
    private static final int NAMES = 16;
    private static final IpAddress TARGETS = IpAddress.parse("10.95.0.1");
    /** How many of a hundred steps the first replica has: a paused process wakes up in a world that went on. */
    private static final int[] FAVOURS = {2, 50, 98};

    private final SplittableRandom random;
    private final boolean people;
    private final ExposureServer server;
    private final SimulatedNetwork network;
    private final List<ExposureReplica> replicas;
    private int favoured = 50;
    private long now;

    /** The story of a seed; in every second one people write into the status of IPs. */
    ExposureStory(long seed, Habit habit) {
        this.random = new SplittableRandom(seed);
        this.people = seed % 2 == 1;
        this.server = new ExposureServer(!people);
        this.network = new SimulatedNetwork(this::fate);
        this.replicas = List.of(
                new ExposureReplica(habit, server, network, () -> now),
                new ExposureReplica(habit, server, network, () -> now));
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
            Set<String> conflicts = conflicts();
            server.objects().forEach((name, object) -> {
                if (object.content().byHand() || conflicts.contains(name)) {
                    server.change(name, Stored::withLeaving);
                }
            });
            broken = ending();
        }
        now += ExposureServer.COOL_DOWN;
        replicas.forEach(ExposureReplica::wake);
        return broken.or(this::ending).or(this::leftOver);
    }

    private void act() {
        now++;
        int dice = random.nextInt(100);
        ExposureReplica replica = replicas.get(random.nextInt(100) < favoured ? 0 : 1);
        String name = "object " + random.nextInt(NAMES);
        if (dice < 7) {
            server.create(name, target());
        } else if (dice < 9) {
            server.change(name, Stored::withLeaving);
        } else if (dice < 11) {
            replica.crash();
        } else if (dice < 13) {
            // Its Service was created again.
            IpAddress target = target();
            server.change(name, object -> object.at(target));
        } else if (dice < 15) {
            if (people) {
                Recorded edited = edited();
                server.change(name, object -> object.with(Optional.of(edited), true));
            }
        } else if (dice < 21) {
            if (network.late() > 0) {
                network.deliver(random.nextInt(network.late()));
            }
        } else if (dice < 23) {
            favoured = FAVOURS[random.nextInt(FAVOURS.length)];
        } else if (dice < 40) {
            replica.hear();
        } else {
            replica.step();
        }
    }

    private Fate fate() {
        return switch (random.nextInt(20)) {
            case 0 -> Fate.REFUSED;
            case 1 -> Fate.UNHEARD;
            case 2, 3 -> Fate.LATE;
            default -> Fate.ARRIVES;
        };
    }

    private IpAddress target() {
        return TARGETS.plus(random.nextInt(24));
    }

    /** Also the network, broadcast and gateway address, and what lies beside the range. */
    private Recorded edited() {
        return new Recorded(target(), ExposureServer.EXTERNAL.network().minus(1).plus(random.nextInt(18)));
    }

    /** Left alone, they finish: everybody who can be served is, and whoever is not is told a reason that is true. */
    private Optional<String> ending() {
        network.calm();
        replicas.forEach(ExposureReplica::hear);
        for (int step = 0; !replicas.stream().allMatch(ExposureReplica::resting); step++) {
            if (step == STEPS_TO_SETTLE) {
                return Optional.of("did not settle: " + server.network() + server.objects());
            }
            replicas.get(random.nextInt(replicas.size())).step();
            replicas.forEach(ExposureReplica::hear);
        }
        return server.broken()
                .or(() -> lastRound().decisions().stream()
                        .flatMap(decision -> objection(decision).stream())
                        .findFirst());
    }

    private ExposureRound lastRound() {
        List<Stored> objects = server.objects().values().stream()
                .map(object -> object.content())
                .toList();
        List<ExposureGrant> grants = new ArrayList<>();
        objects.forEach(object -> object.recorded()
                .ifPresent(recorded ->
                        grants.add(new ExposureGrant(object.object(), recorded.target(), recorded.address()))));
        ExposureState state = new ExposureState(
                ExposureServer.EXTERNAL,
                objects.stream().map(object -> object.object().uid()).collect(Collectors.toSet()),
                grants,
                server.network().content().intents(),
                server.network().content().released().stream()
                        .filter(released -> released.isCooling(now))
                        .map(released -> new ExposureFormer(released.object(), released.address()))
                        .toList());
        return ExposureLedger.of(state)
                .decide(objects.stream()
                        .map(object -> new ExposureRequest(object.object(), object.target()))
                        .toList());
    }

    private Set<String> conflicts() {
        return lastRound().decisions().stream()
                .filter(ExposureDecision.Conflict.class::isInstance)
                .map(decision -> decision.request().object().name())
                .collect(Collectors.toSet());
    }

    /** What is wrong with a decision in a state where nothing is under way. */
    private Optional<String> objection(ExposureDecision decision) {
        String name = decision.request().object().name();
        return switch (decision) {
            case ExposureDecision.AlreadyGranted already -> {
                Optional<Recorded> recorded = Objects.requireNonNull(
                                server.objects().get(name))
                        .content()
                        .recorded();
                Recorded wanted = new Recorded(already.request().target(), already.address());
                yield recorded.equals(Optional.of(wanted)) ? Optional.empty() : Optional.of("not recorded: " + already);
            }
            case ExposureDecision.Granted granted -> Optional.of("not recorded: " + granted);
            case ExposureDecision.Conflict conflict -> objection(conflict);
            case ExposureDecision.Exhausted exhausted -> {
                int usable = (1 << ExposureServer.EXTERNAL.hostBits()) - 3;
                yield exhausted.used() + exhausted.cooling() == usable && distinct() == usable
                        ? Optional.empty()
                        : Optional.of(exhausted + " although only " + distinct() + " are taken or cooling");
            }
        };
    }

    private Optional<String> objection(ExposureDecision.Conflict conflict) {
        String inTheWay = conflict.obstacle().object().substring("IP ".length());
        IpAddress target = conflict.request().target();
        boolean taken = server.objects().values().stream()
                .map(object -> object.content())
                .filter(object -> !object.object().equals(conflict.request().object()))
                .anyMatch(object -> object.target().equals(target));
        return server.objects().containsKey(inTheWay) && (people || taken)
                ? Optional.empty()
                : Optional.of(conflict.toString());
    }

    /** The addresses that anything speaks of, counted the slow way. */
    private long distinct() {
        List<IpAddress> addresses = new ArrayList<>();
        server.objects()
                .values()
                .forEach(
                        object -> object.content().recorded().ifPresent(recorded -> addresses.add(recorded.address())));
        server.network().content().intents().forEach(intent -> addresses.add(intent.address()));
        server.network().content().released().stream()
                .filter(released -> released.isCooling(now))
                .forEach(released -> addresses.add(released.address()));
        return addresses.stream()
                .filter(address -> ExposureServer.EXTERNAL.usable(address)
                        && !address.equals(ExposureServer.EXTERNAL.firstUsable()))
                .distinct()
                .count();
    }

    /** What is kept for nobody. A promise to an IP whose target another one took is kept as long as that IP is there. */
    private Optional<String> leftOver() {
        Set<String> conflicts = conflicts();
        Set<String> excused = server.objects().entrySet().stream()
                .filter(object -> conflicts.contains(object.getKey()))
                .map(object -> object.getValue().content().object().uid())
                .collect(Collectors.toSet());
        List<ExposureIntent> intents = server.network().content().intents().stream()
                .filter(intent -> !excused.contains(intent.uid()))
                .toList();
        return intents.isEmpty() && server.network().content().released().isEmpty()
                ? Optional.empty()
                : Optional.of("left: " + server.network());
    }
}
