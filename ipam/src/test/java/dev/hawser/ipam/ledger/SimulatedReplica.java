// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.ledger.Decision.Granted;
import dev.hawser.ipam.ledger.SimulatedApiServer.Stored;
import dev.hawser.ipam.ledger.SimulatedApiServer.Versioned;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A controller that does one call to the API server per step, as {@link Ledger} asks for or with one bad habit. Its watch
 * may be as late as the story likes: until it hears that something changed, it rests on what it saw last.
 */
final class SimulatedReplica {
    /** How it goes about its work. */
    enum Habit {
        /** As it is told to. */
        GOOD,
        /** Lists the objects before it reads the pools, so that it may miss a grant in both. */
        LISTS_OBJECTS_FIRST,
        /** Writes pools without looking at their version. */
        WRITES_POOLS_BLINDLY,
        /** Writes objects without a promise in a pool. */
        PROMISES_NOTHING,
        /** Writes objects without looking at their version. */
        WRITES_OBJECTS_BLINDLY,
        /** Takes the first of several promises to one object for the only one, and clears the others. */
        DROPS_SECOND_PROMISES,
        /** Clears promises that it does not need itself, as if they were fulfilled. */
        FORGETS_PROMISES
    }

    private final List<PoolRanges> pools;
    private final Habit habit;
    private final SimulatedApiServer server;
    private final SimulatedNetwork network;

    private final Deque<Runnable> plan = new ArrayDeque<>();
    private final Map<String, Versioned<List<Intent>>> seenPools = new HashMap<>();
    private Map<String, Versioned<Stored>> seenObjects = Map.of();
    private long heardOf = -1;
    private boolean resting;
    /** Something changed since it began to read. */
    private boolean again;

    SimulatedReplica(List<PoolRanges> pools, Habit habit, SimulatedApiServer server, SimulatedNetwork network) {
        this.pools = pools;
        this.habit = habit;
        this.server = server;
        this.network = network;
    }

    /** The process dies: all that it knew is gone. */
    void crash() {
        plan.clear();
        seenPools.clear();
        seenObjects = Map.of();
        heardOf = -1;
        resting = false;
    }

    /** Its watch catches up. */
    void hear() {
        if (heardOf != server.version()) {
            heardOf = server.version();
            again = true;
            resting = false;
        }
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
            pools.forEach(pool -> plan.add(() -> seenPools.put(pool.name(), server.pool(pool.name()))));
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
        List<Intent> promised = new ArrayList<>();
        Set<String> uids = new HashSet<>();
        for (PoolRanges pool : pools) {
            for (Intent intent : seen(pool).content()) {
                if (uids.add(intent.uid()) || habit != Habit.DROPS_SECOND_PROMISES) {
                    promised.add(intent);
                }
            }
        }
        LedgerState state = new LedgerState(
                pools,
                List.of(),
                SimulatedApiServer.grants(seenObjects),
                habit == Habit.FORGETS_PROMISES ? List.of() : promised,
                List.of());
        Round round = Ledger.of(state).decide(SimulatedApiServer.requests(seenObjects));
        for (PoolRanges pool : pools) {
            if (habit != Habit.PROMISES_NOTHING && !seen(pool).content().equals(round.intentsOf(pool.name()))) {
                plan.add(() -> swap(pool, round.intentsOf(pool.name())));
            }
        }
        round.decisions().forEach(decision -> {
            if (decision instanceof Granted granted) {
                plan.add(() -> record(granted));
            }
        });
        resting = plan.isEmpty() && !again;
    }

    private void swap(PoolRanges pool, List<Intent> intents) {
        long expected = habit == Habit.WRITES_POOLS_BLINDLY
                ? server.pool(pool.name()).version()
                : seen(pool).version();
        if (!network.send(() -> server.swapIntents(pool.name(), expected, intents))) {
            plan.clear();
        }
    }

    private void record(Granted granted) {
        String name = granted.request().object().name();
        boolean blindly = habit == Habit.WRITES_OBJECTS_BLINDLY;
        Versioned<Stored> seen = blindly ? server.objects().get(name) : seenObjects.get(name);
        if (seen != null) {
            // If it fails the next round sees why.
            network.send(() -> server.swapBlock(name, seen.version(), granted.block()));
        }
    }

    private Versioned<List<Intent>> seen(PoolRanges pool) {
        return Objects.requireNonNull(seenPools.get(pool.name()));
    }
}
