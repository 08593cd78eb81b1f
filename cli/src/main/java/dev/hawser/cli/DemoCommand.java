// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli;

import dev.hawser.cli.demo.DemoFolder;
import dev.hawser.cli.demo.DemoState;
import dev.hawser.cli.demo.Hints;
import dev.hawser.cli.demo.Lifecycle;
import dev.hawser.cli.demo.ProductLogs;
import dev.hawser.cli.demo.check.CheckReport;
import dev.hawser.cli.demo.check.DemoChecks;
import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import dev.hawser.cli.terminal.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code hawser demo}: two clusters with the same addresses on this machine. */
@Command(
        name = "demo",
        description = "Two clusters with the same addresses on this machine, joined by Hawser.",
        synopsisSubcommandLabel = "COMMAND")
final class DemoCommand {
    private final Progress progress = Progress.on(System.err);
    private final DemoFolder folder = DemoFolder.ofEnvironment();

    @Command(name = "up", description = "Start the demo and leave it running.")
    int up() throws InterruptedException {
        new Lifecycle(folder, progress).up();
        progress.say("the demo is up");
        System.out.println(Hints.text(folder));
        return ExitCode.OK.number();
    }

    @Command(
            name = "check",
            description = "Verify every promise of the running demo; exit code 1 if one does not hold.")
    int check(
            @Parameters(paramLabel = "NAME", arity = "0..*", description = "Only checks whose name begins so.")
                    @Nullable
                    List<String> names)
            throws InterruptedException {
        CheckReport report = DemoChecks.run(folder, progress, wanted(names));
        System.out.println(report.table());
        return (report.passed() ? ExitCode.OK : ExitCode.FAILED).number();
    }

    @Command(
            name = "down",
            description = "Uninstall Hawser, end the demo, and prove that neither leaves anything behind.")
    int down(@Option(names = "--now", description = "End it as it is, without uninstalling.") boolean now)
            throws InterruptedException {
        CheckReport report = new CheckReport(List.of());
        if (!now && folder.running()) {
            report = DemoChecks.uninstall(folder, progress);
            System.out.println(report.table());
        }
        int end = end();
        return report.passed() ? end : ExitCode.FAILED.number();
    }

    @Command(name = "run", description = "up, check and down; down whatever happens, on Ctrl-C too.")
    int run() throws InterruptedException {
        new Lifecycle(folder, progress).up();
        Thread onInterrupt = new Thread(this::endQuietly, "demo-down");
        Runtime.getRuntime().addShutdownHook(onInterrupt);
        CheckReport report = DemoChecks.run(folder, progress, name -> true);
        if (!report.passed()) {
            ProductLogs.warnings(folder).forEach(System.err::println);
        }
        report = report.and(DemoChecks.uninstall(folder, progress));
        Runtime.getRuntime().removeShutdownHook(onInterrupt);
        int end = end();
        System.out.println(report.table());
        progress.say(report.passed() ? "every check held" : "NOT every check held");
        return report.passed() ? end : ExitCode.FAILED.number();
    }

    @Command(name = "status", description = "Show what runs.")
    int status() {
        DemoState state = folder.ready();
        System.out.println("supervisor " + state.supervisor() + ", folder " + folder.path());
        for (DemoState.Cluster cluster : state.clusters()) {
            System.out.println(
                    cluster.id() + ": API server " + cluster.server() + ", processes " + cluster.processes());
        }
        System.out.println("hosts: "
                + String.join(", ", state.hosts().keySet().stream().sorted().toList()));
        return ExitCode.OK.number();
    }

    @Command(
            name = "enter",
            description =
                    "Run a command on a host of the demo, with kubectl and a kubeconfig at hand; default: a shell.")
    int enter(
            @Parameters(paramLabel = "HOST", description = "operator, internet, or CLUSTER/HOST, such as genoa/pod-1")
                    String host,
            @Parameters(paramLabel = "COMMAND", arity = "0..*", description = "after --") @Nullable
                    List<String> command)
            throws InterruptedException {
        DemoState state = folder.ready();
        List<String> arguments = new ArrayList<>(List.of("nsenter", "--net=" + state.namespace(host), "--"));
        arguments.addAll(command == null || command.isEmpty() ? List.of("bash") : command);
        ProcessBuilder builder = new ProcessBuilder(arguments).inheritIO();
        builder.environment().putAll(Hints.environment(folder, state, host));
        try {
            return builder.start().waitFor();
        } catch (IOException e) {
            throw new CliException(
                    ExitCode.USAGE,
                    "the command cannot be run on " + host + ": " + e.getMessage(),
                    "is it installed?",
                    e);
        }
    }

    private static Predicate<String> wanted(@Nullable List<String> names) {
        return names == null || names.isEmpty()
                ? name -> true
                : name -> names.stream().anyMatch(name::startsWith);
    }

    private int end() throws InterruptedException {
        List<String> left = new Lifecycle(folder, progress).down();
        left.forEach(line -> System.out.println("LEFT BEHIND: " + line));
        if (left.isEmpty()) {
            progress.say("nothing is left behind");
        }
        return (left.isEmpty() ? ExitCode.OK : ExitCode.FAILED).number();
    }

    private void endQuietly() {
        try {
            end();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
