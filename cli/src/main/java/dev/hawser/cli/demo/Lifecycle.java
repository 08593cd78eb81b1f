// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import dev.hawser.cli.terminal.Progress;
import dev.hawser.lab.net.Prerequisites;
import dev.hawser.lab.process.JavaProgram;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Beginning and end of a demo, from outside of its supervisor. */
public final class Lifecycle {
    private static final Duration START_LIMIT = Duration.ofMinutes(15);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(15);
    private static final Duration POLL = Duration.ofMillis(50);

    private final DemoFolder folder;
    private final Progress progress;

    public Lifecycle(DemoFolder folder, Progress progress) {
        this.folder = folder;
        this.progress = progress;
    }

    /** Starts a demo and waits until it is ready; on failure, or on Ctrl-C meanwhile, everything is taken back. */
    public DemoState up() throws InterruptedException {
        Prerequisites.missing().ifPresent(missing -> {
            throw new CliException(ExitCode.USAGE, "the demo cannot run here: " + missing, "or use another machine.");
        });
        discardDead();
        folder.create();
        Snapshot.take(folder).write(folder.before());
        Thread onInterrupt = new Thread(this::takeBack, "demo-take-back");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        try {
            Process supervisor = startSupervisor();
            progress.say("supervisor is process " + supervisor.pid() + ", its folder is " + folder.path());
            DemoState state = await(supervisor);
            Runtime.getRuntime().removeShutdownHook(onInterrupt);
            return state;
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.FAILED, "the supervisor cannot be started: " + e.getMessage(), "is setsid installed?", e);
        }
    }

    /** Ends a demo and compares the machine with what it was before; returns what is left, which should be nothing. */
    public List<String> down() throws InterruptedException {
        if (!Files.exists(folder.path())) {
            progress.say("no demo is running: nothing to end");
            return List.of();
        }
        Optional<DemoState> state = folder.state();
        if (state.isPresent()) {
            stop(state.get().supervisor());
            progress.say("supervisor has ended");
        }
        List<String> left = compare();
        folder.delete();
        return left;
    }

    private void discardDead() throws InterruptedException {
        Optional<DemoState> state = folder.state();
        if (state.isPresent() && owned(state.get().supervisor()).isPresent()) {
            throw new CliException(
                    ExitCode.USAGE,
                    "a demo runs already (supervisor " + state.get().supervisor() + ", folder " + folder.path() + ")",
                    "end it first: bin/hawser demo down.");
        }
        if (Files.exists(folder.path())) {
            progress.say("removing the folder of a demo that was killed: " + folder.path());
            folder.delete();
        }
    }

    private Process startSupervisor() throws IOException {
        List<String> command = new ArrayList<>(List.of("setsid"));
        // Of its own session, so that Ctrl-C in this terminal reaches it only through us.
        command.addAll(new JavaProgram(
                        Supervisor.class.getName(),
                        supervisorFlags(),
                        List.of(folder.path().toString()))
                .command()
                .arguments());
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(folder.supervisorLog().toFile());
        builder.environment().put(DemoFolder.MARK, folder.path().toString());
        return builder.start();
    }

    private static List<String> supervisorFlags() {
        List<String> flags = new ArrayList<>(
                List.of("-XX:TieredStopAtLevel=1", "-XX:CompileThresholdScaling=3", "-Xmx128m", "-Xss512k"));
        flags.addAll(ClassArchive.of("supervisor").flags(true));
        return flags;
    }

    private DemoState await(Process supervisor) throws InterruptedException {
        long deadline = System.nanoTime() + START_LIMIT.toNanos();
        try (LogTail lines = new LogTail(folder.progress())) {
            while (true) {
                lines.forEachNew(line -> progress.say(withoutClock(line)));
                DemoState state = folder.state().orElse(null);
                if (state != null && state.phase() == DemoState.Phase.READY) {
                    lines.forEachNew(line -> progress.say(withoutClock(line)));
                    return state;
                }
                if (state != null && state.phase() == DemoState.Phase.FAILED) {
                    throw failure("the demo did not come up: " + state.message());
                }
                if (!supervisor.isAlive()) {
                    throw failure("the supervisor ended by itself: " + logOfSupervisor());
                }
                if (System.nanoTime() - deadline > 0) {
                    throw failure("the demo was not ready after " + START_LIMIT.toMinutes() + " minutes");
                }
                Thread.sleep(POLL);
            }
        }
    }

    private static CliException failure(String message) {
        return new CliException(
                ExitCode.FAILED, message, "set HAWSER_DEMO_KEEP=1 to keep the folder with all logs, and try again.");
    }

    /** On the way out of a start that failed or was interrupted. */
    private void takeBack() {
        try {
            folder.state().ifPresent(state -> stop(state.supervisor()));
            if (System.getenv("HAWSER_DEMO_KEEP") == null) {
                folder.delete();
            }
            progress.say("everything was taken back");
        } catch (RuntimeException e) {
            progress.say("not everything could be taken back: " + e.getMessage());
        }
    }

    private List<String> compare() throws InterruptedException {
        if (!Files.exists(folder.before())) {
            return List.of("no snapshot from before the demo: " + folder.before());
        }
        try {
            Snapshot before = Snapshot.read(folder.before());
            // The kernel takes namespaces apart in the background; a link may be seen a moment longer than its process.
            long deadline = System.nanoTime() + STOP_LIMIT.toNanos();
            Snapshot after = Snapshot.take(folder);
            while (!after.beyond(before).isEmpty() && System.nanoTime() - deadline < 0) {
                Thread.sleep(POLL);
                after = Snapshot.take(folder);
            }
            progress.say("compared before and after: " + after.counts());
            return after.beyond(before);
        } catch (IOException e) {
            return List.of("the snapshot from before the demo cannot be read: " + e.getMessage());
        }
    }

    private static void stop(long pid) {
        Optional<ProcessHandle> supervisor = owned(pid);
        if (supervisor.isEmpty()) {
            return;
        }
        supervisor.get().destroy();
        if (!awaitEnd(supervisor.get())) {
            // Its children die with it all the same.
            supervisor.get().destroyForcibly();
        }
    }

    private static boolean awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(STOP_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the end of process " + process.pid() + " cannot be awaited", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** The process if it is a supervisor and not another one that got its number. */
    private static Optional<ProcessHandle> owned(long pid) {
        return ProcessHandle.of(pid)
                .filter(process -> Marked.commandLine(process.pid()).contains(Supervisor.class.getName()));
    }

    private String logOfSupervisor() {
        try {
            List<String> lines = Files.readAllLines(folder.supervisorLog());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 15), lines.size()));
        } catch (IOException e) {
            return "it left no log";
        }
    }

    private static String withoutClock(String line) {
        return line.startsWith("[") ? line.substring(line.indexOf(']') + 1).strip() : line;
    }
}
