// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.ledger.Decision.Granted;
import dev.hawser.ipam.ledger.SimulatedApiServer.Stored;
import dev.hawser.ipam.ledger.SimulatedApiServer.Versioned;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/** A controller that does one call to the API server per step, in the order that {@link Ledger} asks for or the wrong one. */
final class SimulatedReplica {
    enum ReadOrder {
        POOL_FIRST,
        OBJECTS_FIRST
    }

    private final PoolRanges pool;
    private final ReadOrder order;
    private final SimulatedApiServer server;

    private final Deque<Runnable> plan = new ArrayDeque<>();
    private Versioned<List<Intent>> seenPool = new Versioned<>(0, List.of());
    private Map<Owner, Versioned<Stored>> seenObjects = Map.of();

    SimulatedReplica(PoolRanges pool, ReadOrder order, SimulatedApiServer server) {
        this.pool = pool;
        this.order = order;
        this.server = server;
    }

    /** The process dies: all that it knew is gone. */
    void crash() {
        plan.clear();
        seenPool = new Versioned<>(0, List.of());
        seenObjects = Map.of();
    }

    void step() {
        if (plan.isEmpty()) {
            Runnable readPool = () -> seenPool = server.pool();
            Runnable listObjects = () -> seenObjects = server.objects();
            plan.addAll(
                    switch (order) {
                        case POOL_FIRST -> List.of(readPool, listObjects, this::swap);
                        case OBJECTS_FIRST -> List.of(listObjects, readPool, this::swap);
                    });
        }
        plan.remove().run();
    }

    private void swap() {
        LedgerState state = new LedgerState(
                List.of(pool), List.of(), SimulatedApiServer.grants(seenObjects), seenPool.content(), List.of());
        Round round = Ledger.of(state).decide(SimulatedApiServer.requests(seenObjects));
        boolean written = round.intentsOf(pool.name()).equals(seenPool.content())
                || server.swapIntents(seenPool.version(), round.intentsOf(pool.name()));
        if (written) {
            round.decisions().forEach(decision -> {
                if (decision instanceof Granted granted) {
                    plan.add(() -> record(granted));
                }
            });
        }
    }

    private void record(Granted granted) {
        Owner owner = granted.request().owner();
        Versioned<Stored> seen = seenObjects.get(owner);
        if (seen != null) {
            server.swapBlock(owner, seen.version(), granted.block());
        }
    }
}
