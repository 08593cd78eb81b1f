// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.image.ImageException;
import dev.hawser.lab.LabException;
import java.util.concurrent.CompletionException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program behind {@code make bench-*}. */
@Command(
        name = "bench",
        description = "Measures Hawser beside what else there is.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            GatewayCommand.class,
            IpamCommand.class,
            MicroCommand.class,
            PagesCommand.class,
            ProxyCommand.class
        })
public final class BenchmarkMain {
    /** Exits with 0, or 1 and one sentence. */
    public static void main(String[] arguments) {
        // What the libraries of the laboratory log is for its developers.
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        CommandLine line = new CommandLine(new BenchmarkMain());
        line.setExecutionExceptionHandler((failure, command, parsed) -> report(failure));
        System.exit(line.execute(arguments));
    }

    private static int report(Exception failure) throws Exception {
        // What was started beside something else fails wrapped.
        Throwable reason =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (reason instanceof BenchmarkException
                || reason instanceof LabException
                || reason instanceof ImageException) {
            System.err.println("bench: " + reason.getMessage());
            return 1;
        }
        throw failure;
    }
}
