// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli;

import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import dev.hawser.cli.terminal.Quiet;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program {@code hawser}. */
@Command(
        name = "hawser",
        description = "Moors Kubernetes clusters to each other.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            PeerCommand.class,
            StatusCommand.class,
            IpCommand.class,
            DemoCommand.class,
            VersionCommand.class,
            CommandLine.HelpCommand.class
        })
public final class Main {
    /** Exits with the command's exit code. */
    public static void main(String[] arguments) {
        Quiet.libraries();
        System.exit(commandLine().execute(arguments));
    }

    /** The command line, for whoever runs commands inside a process of his own. */
    public static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Main());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure, command));
        return line;
    }

    private static int report(Exception failure, CommandLine command) throws Exception {
        if (failure instanceof CliException expected) {
            command.getErr().println("hawser: " + expected.getMessage());
            command.getErr().println("hint: " + expected.hint());
            return expected.exitCode().number();
        }
        if (failure instanceof InterruptedException) {
            return ExitCode.INTERRUPTED.number();
        }
        throw failure;
    }
}
