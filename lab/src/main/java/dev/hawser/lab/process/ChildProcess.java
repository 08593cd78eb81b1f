// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.process;

import dev.hawser.lab.LabException;
import dev.hawser.lab.linux.SystemCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A running program that dies with this JVM, however the JVM ends.
 *
 * <p>All methods may be called from any thread. Standard output and error go to {@link #log()}.
 */
public final class ChildProcess implements AutoCloseable {
    /** How long {@link #stop()} waits for a program to end by itself. */
    public static final Duration GRACE = Duration.ofSeconds(5);

    private static final Duration POLL = Duration.ofMillis(20);

    private final String name;
    private final Process process;
    private final Path log;

    ChildProcess(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    public String name() {
        return name;
    }

    /** The program's own process id: what starts it becomes it by exec. */
    public long pid() {
        return process.pid();
    }

    public Path log() {
        return log;
    }

    public boolean alive() {
        return process.isAlive();
    }

    /** The exit code, 128 + signal if a signal ended the program, or nothing while it runs. */
    public OptionalInt exitCode() {
        return process.isAlive() ? OptionalInt.empty() : OptionalInt.of(process.exitValue());
    }

    /** Sends a signal; a program that has ended already is left alone. */
    public void signal(Signal signal) {
        // Our own unreaped child cannot have lost its id to another process; once reaped, it must not be signalled.
        if (process.isAlive()) {
            SystemCalls.kill(process.pid(), signal.number());
        }
    }

    /**
     * Waits for the program to end.
     *
     * @return false if it still runs after {@code limit}
     */
    public boolean awaitExit(Duration limit) {
        try {
            return process.waitFor(limit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LabException("interrupted while waiting for " + this, e);
        }
    }

    /** Asks the program to end, and kills it if it has not within {@link #GRACE}. */
    public void stop() {
        signal(Signal.TERM);
        // A frozen program could not act on the request.
        signal(Signal.CONT);
        if (!awaitExit(GRACE)) {
            kill();
        }
    }

    /** Ends the program at once and waits until the kernel has let it go. */
    public void kill() {
        signal(Signal.KILL);
        if (!awaitExit(GRACE)) {
            throw new LabException(this + " survives SIGKILL: it hangs in the kernel; see /proc/" + pid() + "/stack");
        }
    }

    /**
     * Waits until the log contains {@code text}.
     *
     * @throws LabException with the end of the log if the program ends before, or time runs out
     */
    public void awaitLog(String text, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!readLog().contains(text)) {
            if (!alive() && !readLog().contains(text)) {
                throw new LabException(this + " ended before it said \"" + text + "\"; it said:\n" + logTail(20));
            }
            if (System.nanoTime() - deadline > 0) {
                throw new LabException(
                        this + " did not say \"" + text + "\" within " + limit + "; it said:\n" + logTail(20));
            }
            awaitExit(POLL);
        }
    }

    /** The last lines of the log. */
    public String logTail(int lines) {
        List<String> all = readLog().lines().toList();
        return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
    }

    /** Kills the program: closing discards, {@link #stop()} asks first. */
    @Override
    public void close() {
        kill();
    }

    @Override
    public String toString() {
        return name + " (pid " + pid() + ", log " + log + ")";
    }

    private String readLog() {
        try {
            return Files.exists(log) ? Files.readString(log, StandardCharsets.ISO_8859_1) : "";
        } catch (IOException e) {
            throw new UncheckedIOException("log of " + name + " cannot be read: " + log, e);
        }
    }
}
