// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli;

import dev.hawser.cli.cluster.ClusterAccess;
import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that name a cluster as kubectl does. */
final class Kubeconfig {
    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Kubeconfig of the cluster; default: KUBECONFIG, then ~/.kube/config.")
    private @Nullable Path file;

    @Option(names = "--context", paramLabel = "NAME", description = "Context in it; default: the current one.")
    private @Nullable String context;

    ClusterAccess open() {
        return ClusterAccess.open(path(), context);
    }

    Path path() {
        if (file != null) {
            return file;
        }
        String variable = System.getenv("KUBECONFIG");
        if (variable != null && !variable.isBlank()) {
            if (variable.contains(File.pathSeparator)) {
                throw new CliException(
                        ExitCode.USAGE,
                        "KUBECONFIG names several files (" + variable + ")",
                        "name the one to use with --kubeconfig.");
            }
            return Path.of(variable);
        }
        Path usual = Path.of(System.getProperty("user.home"), ".kube", "config");
        if (!Files.exists(usual)) {
            throw new CliException(
                    ExitCode.USAGE,
                    "no kubeconfig: KUBECONFIG is not set and " + usual + " does not exist",
                    "name one with --kubeconfig.");
        }
        return usual;
    }
}
