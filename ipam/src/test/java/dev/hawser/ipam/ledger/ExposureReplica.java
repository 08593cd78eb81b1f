// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.ledger.ExposureServer.Recorded;
import dev.hawser.ipam.ledger.ExposureServer.Released;
import dev.hawser.ipam.ledger.ExposureServer.Room;
import dev.hawser.ipam.ledger.ExposureServer.Stored;
import dev.hawser.ipam.ledger.SimulatedApiServer.Versioned;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * A controller of exposures that does one call to the API server per step. What an IP points at it knows from a view, which
 * is as late as the story likes, and which does not show every IP yet.
 */
final class ExposureReplica {
    /** How it goes about its work. */
    enum Habit {
        /** As it is told to. */
        GOOD,
        /** Lists the IPs before it reads the Network. */
        LISTS_OBJECTS_FIRST,
        /** Writes the Network without looking at its version. */
        WRITES_THE_NETWORK_BLINDLY,
        /** Writes IPs without a promise in the Network. */
        PROMISES_NOTHING,
        /** Writes IPs without looking at their version. */
        WRITES_OBJECTS_BLINDLY,
        /** Takes only those IPs for living of which its view shows what they point at. */
        TRUSTS_ITS_VIEW,
        /** Lets IPs go without writing down what they had. */
        FORGETS_FORMERS
    }

    private final Habit habit;
    private final ExposureServer server;
    private final SimulatedNetwork network;
    private final LongSupplier clock;

    private final Deque<Runnable> plan = new ArrayDeque<>();
    private Versioned<Room> seenRoom = new Versioned<>(0, new Room(List.of(), List.of()));
    private Map<String, Versioned<Stored>> seenObjects = Map.of();
    private Map<String, Versioned<Stored>> view = Map.of();
    private long heardOf = -1;
    private boolean resting;
    /** Something changed since it began to read. */
    private boolean again;

    ExposureReplica(Habit habit, ExposureServer server, SimulatedNetwork network, LongSupplier clock) {
        this.habit = habit;
        this.server = server;
        this.network = network;
        this.clock = clock;
    }

    /** The process dies: all that it knew is gone. */
    void crash() {
        plan.clear();
        seenRoom = new Versioned<>(0, new Room(List.of(), List.of()));
        seenObjects = Map.of();
        view = Map.of();
        heardOf = -1;
        resting = false;
    }

    /** Its watch catches up. */
    void hear() {
        if (heardOf != server.version()) {
            heardOf = server.version();
            again = true;
            view = server.objects();
            resting = false;
        }
    }

    /** It looks again even if nothing changed: a cool-down may be over. */
    void wake() {
        again = true;
        resting = false;
    }

    /** Whether it has nothing to do as far as it knows. */
    boolean resting() {
        return resting && plan.isEmpty();
    }

    void step() {
        if (resting()) {
            return;
        }
        if (plan.isEmpty()) {
            again = false;
            plan.add(() -> seenRoom = server.network());
            Runnable list = () -> seenObjects = server.objects();
            if (habit == Habit.LISTS_OBJECTS_FIRST) {
                plan.addFirst(list);
            } else {
                plan.addLast(list);
            }
            plan.addLast(this::decide);
        }
        plan.remove().run();
    }

    /** Plans the writes of one round; when they are done it reads again. */
    private void decide() {
        List<Released> cooling = seenRoom.content().released().stream()
                .filter(released -> released.isCooling(clock.getAsLong()))
                .toList();
        ExposureRound round =
                ExposureLedger.of(state(cooling, seenObjects.values())).decide(requests());
        Room room = new Room(round.intents(), released(cooling));
        if (habit != Habit.PROMISES_NOTHING && !room.equals(seenRoom.content())) {
            plan.add(() -> swap(room));
        }
        for (ExposureDecision decision : round.decisions()) {
            switch (decision) {
                case ExposureDecision.Granted granted -> plan.add(() -> record(granted.request(), granted.address()));
                case ExposureDecision.AlreadyGranted already -> {
                    if (!recorded(already.request())
                            .equals(Optional.of(already.request().target()))) {
                        plan.add(() -> record(already.request(), already.address()));
                    }
                }
                case ExposureDecision.Conflict _, ExposureDecision.Exhausted _ -> {}
            }
        }
        seenObjects.forEach((name, object) -> {
            if (object.content().leaving()) {
                plan.add(() -> letGo(name));
            }
        });
        resting = plan.isEmpty() && !again;
    }

    private ExposureState state(List<Released> cooling, Iterable<Versioned<Stored>> objects) {
        List<ExposureGrant> grants = new ArrayList<>();
        objects.forEach(object -> object.content()
                .recorded()
                .ifPresent(recorded -> grants.add(
                        new ExposureGrant(object.content().object(), recorded.target(), recorded.address()))));
        Set<String> living = habit == Habit.TRUSTS_ITS_VIEW
                ? Set.of()
                : seenObjects.values().stream()
                        .map(object -> object.content().object().uid())
                        .collect(Collectors.toSet());
        return new ExposureState(
                ExposureServer.EXTERNAL,
                living,
                grants,
                seenRoom.content().intents(),
                cooling.stream()
                        .map(released -> new ExposureFormer(released.object(), released.address()))
                        .toList());
    }

    /** Those whose target the view shows. */
    private List<ExposureRequest> requests() {
        List<ExposureRequest> requests = new ArrayList<>();
        seenObjects.forEach((name, object) -> {
            Versioned<Stored> shown = view.get(name);
            if (shown != null && !object.content().leaving()) {
                requests.add(new ExposureRequest(
                        object.content().object(), shown.content().target()));
            }
        });
        return requests;
    }

    private Optional<IpAddress> recorded(ExposureRequest request) {
        return Optional.ofNullable(seenObjects.get(request.object().name()))
                .flatMap(object -> object.content().recorded())
                .map(Recorded::target);
    }

    /** What cools down still and is nobody's yet, with what those have that are to go. */
    private List<Released> released(List<Released> cooling) {
        List<Released> released = new ArrayList<>(cooling);
        seenObjects.forEach((name, object) -> {
            Stored stored = object.content();
            stored.recorded().map(Recorded::address).ifPresent(address -> {
                if (!stored.leaving()) {
                    released.removeIf(entry -> entry.address().equals(address));
                } else if (habit != Habit.FORGETS_FORMERS
                        && released.stream().noneMatch(entry -> entry.isOf(name, address))) {
                    released.add(new Released(name, address, clock.getAsLong()));
                }
            });
        });
        return List.copyOf(released);
    }

    private void swap(Room room) {
        long expected =
                habit == Habit.WRITES_THE_NETWORK_BLINDLY ? server.network().version() : seenRoom.version();
        if (!network.send(() -> server.swapRoom(expected, room))) {
            plan.clear();
        }
    }

    private void record(ExposureRequest request, IpAddress address) {
        String name = request.object().name();
        boolean blindly = habit == Habit.WRITES_OBJECTS_BLINDLY;
        Versioned<Stored> seen = blindly ? server.objects().get(name) : seenObjects.get(name);
        if (seen != null) {
            // If it fails the next round sees why.
            network.send(() -> server.swapAddress(
                    name, seen.version(), new Recorded(request.target(), address), clock.getAsLong()));
        }
    }

    private void letGo(String name) {
        Versioned<Stored> seen = seenObjects.get(name);
        if (seen != null) {
            network.send(() -> server.swapAway(name, seen.version(), clock.getAsLong()));
        }
    }
}
