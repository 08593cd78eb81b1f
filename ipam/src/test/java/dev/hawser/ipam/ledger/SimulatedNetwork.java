// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What lies between a controller and the API server: writes arrive, or are refused, or nobody hears what became of them. */
final class SimulatedNetwork {
    /** What becomes of one write. */
    enum Fate {
        /** It is done or refused on its merits, and the writer hears which. */
        ARRIVES,
        /** It is not done: an error of the API server, or a 409 that a later look does not explain. */
        REFUSED,
        /** It is done, and the writer hears a time-out. */
        UNHEARD,
        /** The writer hears a time-out, and only later it arrives. */
        LATE
    }

    /** A write under way. */
    @FunctionalInterface
    interface Write {
        /** Whether it was done, and not refused because of its version. */
        boolean arrive();
    }

    private Supplier<Fate> fates;
    private final List<Write> late = new ArrayList<>();

    SimulatedNetwork(Supplier<Fate> fates) {
        this.fates = fates;
    }

    /** Sends a write; whether its sender may believe that it was done. */
    boolean send(Write write) {
        return switch (fates.get()) {
            case ARRIVES -> write.arrive();
            case REFUSED -> false;
            case UNHEARD -> {
                write.arrive();
                yield false;
            }
            case LATE -> {
                late.add(write);
                yield false;
            }
        };
    }

    /** How many writes are still under way. */
    int late() {
        return late.size();
    }

    /** One of the writes that are late arrives. */
    void deliver(int which) {
        late.remove(which).arrive();
    }

    /** From now on nothing goes wrong any more; what was late arrives. */
    void calm() {
        fates = () -> Fate.ARRIVES;
        while (!late.isEmpty()) {
            deliver(0);
        }
    }
}
