// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.machine.ProcessStat;
import dev.hawser.lab.process.ChildProcess;
import java.util.function.Supplier;

/** A process that carries packets, and how to start it anew. For one thread. */
public final class Gateway {
    private final Supplier<ChildProcess> starter;
    private final Runnable forgetter;
    private ChildProcess process;

    /**
     * Starts it.
     *
     * @param starter starts the program with all it needs to carry packets
     */
    Gateway(Supplier<ChildProcess> starter) {
        this(starter, () -> {});
    }

    /**
     * Starts one that keeps something over a restart.
     *
     * @param starter starts the program with all it needs to carry packets
     * @param forgetter takes away what the program has kept
     */
    Gateway(Supplier<ChildProcess> starter, Runnable forgetter) {
        this.starter = starter;
        this.forgetter = forgetter;
        this.process = starter.get();
    }

    /** Its process id, while it runs. */
    public long pid() {
        return running().pid();
    }

    /** CPU time so far. */
    public double cpuSeconds() {
        ProcessStat stat = ProcessStat.of(pid());
        return stat.ownSeconds() + stat.reapedSeconds();
    }

    /** Resident memory now. */
    public double residentMegabytes() {
        return ProcessStat.residentMegabytes(pid());
    }

    /** Starts it again after {@link #stop}. */
    public void start() {
        process = starter.get();
    }

    /** Takes away what it has kept for its next start; to be called while it does not run. */
    public void forget() {
        forgetter.run();
    }

    /** Ends it in good order: a gateway clears its node, wireguard-go its socket. */
    public void stop() {
        process.stop();
    }

    ChildProcess running() {
        if (!process.alive()) {
            throw new BenchmarkException(
                    process.name() + " ended while it was being measured; it said: " + process.logTail(10));
        }
        return process;
    }

    ChildProcess process() {
        return process;
    }
}
