// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.process;

import dev.hawser.lab.LabException;
import dev.hawser.lab.linux.PinnedThread;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that starts programs, so that the kernel kills them when this JVM dies.
 *
 * <p>{@code PR_SET_PDEATHSIG} speaks of the <em>thread</em> that forked: a child started from a passing thread would die
 * with it. This thread lives until {@link #close()}, or until the JVM is gone, by {@code kill -9} too. It also stays in
 * the namespace it was made in: the JDK's reaper threads are cloned from the thread that starts a process, and one
 * cloned inside a laboratory host would keep that host's namespace alive after its end. All methods may be called from
 * any thread.
 */
public final class ProcessParent implements AutoCloseable {
    private static final File NOTHING = new File("/dev/null");
    private static final List<String> DIE_WITH_PARENT = List.of("setpriv", "--pdeathsig", "KILL", "--");
    /** How long a program may take that is run to its end; configuration commands need milliseconds. */
    public static final Duration RUN_LIMIT = Duration.ofMinutes(2);

    private final Path directory;
    private final PinnedThread thread;
    private final ConcurrentLinkedDeque<ChildProcess> children = new ConcurrentLinkedDeque<>();

    /**
     * @param directory an existing folder for logs and for what programs read and write while they run
     */
    public ProcessParent(Path directory) {
        this.directory = directory;
        this.thread = PinnedThread.start("lab-process-parent");
    }

    /** The folder for logs. */
    public Path directory() {
        return directory;
    }

    /** Starts a program that runs on. */
    public ChildProcess start(String name, Command command) {
        Path given = command.log();
        Path log = given == null ? directory.resolve(name + ".log") : given;
        ProcessBuilder builder = builder(command);
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        ChildProcess child = new ChildProcess(name, launch(command, builder), log);
        children.removeIf(ended -> !ended.alive());
        children.addFirst(child);
        return child;
    }

    /** Runs a program to its end, whatever its exit code. */
    public Output run(Command command) {
        return run(command, RUN_LIMIT);
    }

    /** Runs a program to its end; one that takes longer than {@code limit} is killed and reported. */
    public Output run(Command command, Duration limit) {
        // Files instead of pipes: nothing has to read while the program runs, so the limit can be kept.
        Path stdout = null;
        Path stderr = null;
        try {
            stdout = Files.createTempFile(directory, "run", ".out");
            stderr = Files.createTempFile(directory, "run", ".err");
            ProcessBuilder builder = builder(command);
            builder.redirectOutput(stdout.toFile());
            builder.redirectError(stderr.toFile());
            ChildProcess child = new ChildProcess(command.program(), launch(command, builder), stderr);
            if (!child.awaitExit(limit)) {
                child.kill();
                throw new LabException("`" + command + "` did not end within " + limit + "; it said:\n"
                        + Files.readString(stderr) + Files.readString(stdout));
            }
            int exit = child.exitCode().orElseThrow();
            return new Output(command.toString(), exit, Files.readString(stdout), Files.readString(stderr));
        } catch (IOException e) {
            throw new LabException("output of `" + command + "` cannot be kept in " + directory, e);
        } finally {
            delete(stdout);
            delete(stderr);
        }
    }

    /** Kills every child that still runs, the youngest first, and ends the thread. */
    @Override
    public void close() {
        // All are signalled before the first is waited for: their ends overlap.
        children.forEach(child -> child.signal(Signal.KILL));
        children.forEach(ChildProcess::kill);
        children.clear();
        thread.close();
    }

    private Process launch(Command command, ProcessBuilder builder) {
        String text = command.input();
        Path input = null;
        try {
            if (text == null) {
                builder.redirectInput(NOTHING);
            } else {
                input = Files.writeString(Files.createTempFile(directory, "run", ".in"), text);
                builder.redirectInput(input.toFile());
            }
            return thread.call(builder::start);
        } catch (IOException e) {
            throw new LabException("`" + command + "` cannot be started: " + e.getMessage(), e);
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new LabException("`" + command + "` cannot be started", e);
        } finally {
            // The child has the file open by now.
            delete(input);
        }
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            try {
                Files.deleteIfExists(file);
            } catch (IOException e) {
                throw new LabException("temporary file cannot be deleted: " + file, e);
            }
        }
    }

    private static ProcessBuilder builder(Command command) {
        List<String> all = new ArrayList<>(DIE_WITH_PARENT);
        all.addAll(command.arguments());
        ProcessBuilder builder = new ProcessBuilder(all);
        builder.environment().putAll(command.environment());
        Path workingDirectory = command.directory();
        if (workingDirectory != null) {
            builder.directory(workingDirectory.toFile());
        }
        return builder;
    }
}
