// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.machine.ProcessStat;
import dev.hawser.lab.process.ChildProcess;
import java.net.InetSocketAddress;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One way to the target: a proxy with its process, or none. For one thread. */
final class Contender implements AutoCloseable {
    private final String name;
    private final InetSocketAddress entrance;
    private final String head;
    private final @Nullable Supplier<ChildProcess> starter;
    private @Nullable ChildProcess process;

    /**
     * @param entrance where its clients connect to
     * @param head what they say first, and wait for the answer to; nothing if empty
     * @param starter starts its process; null if there is none
     */
    Contender(String name, InetSocketAddress entrance, String head, @Nullable Supplier<ChildProcess> starter) {
        this.name = name;
        this.entrance = entrance;
        this.head = head;
        this.starter = starter;
    }

    String name() {
        return name;
    }

    InetSocketAddress entrance() {
        return entrance;
    }

    String head() {
        return head;
    }

    /** Whether something stands between client and target. */
    boolean proxied() {
        return starter != null;
    }

    /** Starts its process, anew if it runs. */
    void start() {
        close();
        if (starter != null) {
            process = starter.get();
        }
    }

    /** The process, if there is one. */
    OptionalLong pid() {
        ChildProcess running = process;
        if (running == null) {
            return OptionalLong.empty();
        }
        if (!running.alive()) {
            throw new BenchmarkException(name + " ended while it was being measured; it said: " + running.logTail(10));
        }
        return OptionalLong.of(running.pid());
    }

    /** CPU time of the process so far; 0 without one. */
    double cpuSeconds() {
        OptionalLong pid = pid();
        return pid.isPresent() ? ProcessStat.of(pid.getAsLong()).ownSeconds() : 0;
    }

    /** Resident memory of the process now; 0 without one. */
    double residentMegabytes() {
        OptionalLong pid = pid();
        return pid.isPresent() ? ProcessStat.residentMegabytes(pid.getAsLong()) : 0;
    }

    /** What the process said last, for people. */
    String lastWords() {
        ChildProcess running = process;
        return running == null ? "" : running.logTail(5);
    }

    /** Ends the process in good order: a JVM then leaves what it was told to leave. */
    void stop() {
        ChildProcess running = process;
        if (running != null) {
            running.stop();
            process = null;
        }
    }

    @Override
    public void close() {
        ChildProcess running = process;
        if (running != null) {
            // What a proxy does with its last connections is not measured, and some take long over it.
            running.kill();
            process = null;
        }
    }
}
