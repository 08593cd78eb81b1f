// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import dev.hawser.lab.net.Host;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The real kubectl, run on a host with a kubeconfig; its discovery cache stays beside that file.
 *
 * <p>May be used from several threads.
 */
public final class Kubectl {
    private final Host host;
    private final Path program;
    private final Path kubeconfig;

    public Kubectl(Host host, Path program, Path kubeconfig) {
        this.host = host;
        this.program = program;
        this.kubeconfig = kubeconfig;
    }

    /** Runs kubectl to its end; an exit code other than 0 is a failure that quotes what it said. */
    public String run(String... arguments) {
        return attempt(arguments).orThrow().stdout();
    }

    /** Runs kubectl to its end, whatever its exit code. */
    public Output attempt(String... arguments) {
        return host.run(command(arguments));
    }

    /** Applies a manifest, with options of {@code kubectl apply} if need be. */
    public String apply(String yaml, String... options) {
        return reading(yaml, "apply", options);
    }

    /** Deletes what a manifest names, with options of {@code kubectl delete} if need be. */
    public String delete(String yaml, String... options) {
        return reading(yaml, "delete", options);
    }

    private String reading(String yaml, String verb, String... options) {
        String[] arguments =
                Stream.concat(Stream.of(verb, "-f", "-"), Stream.of(options)).toArray(String[]::new);
        return host.run(command(arguments).reading(yaml)).orThrow().stdout();
    }

    /** The command line, to start it in the background or to change it. */
    public Command command(String... arguments) {
        List<String> all = new ArrayList<>();
        all.add(program.toString());
        all.addAll(List.of(arguments));
        return Command.of(all)
                .with("KUBECONFIG", kubeconfig.toString())
                .with("KUBECACHEDIR", kubeconfig.resolveSibling("kubectl-cache").toString());
    }
}
