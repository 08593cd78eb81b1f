// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli;

import dev.hawser.cli.cluster.ClusterAccess;
import dev.hawser.cli.cluster.ClusterFacts;
import dev.hawser.cli.cluster.FactsReader;
import dev.hawser.cli.peer.PeerReport;
import dev.hawser.cli.peer.PeeringFlow;
import dev.hawser.cli.peer.Preflight;
import dev.hawser.cli.peer.PreflightReport;
import dev.hawser.cli.terminal.CliException;
import dev.hawser.cli.terminal.ExitCode;
import dev.hawser.cli.terminal.Json;
import dev.hawser.cli.terminal.OutputFormat;
import dev.hawser.cli.terminal.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hawser peer}: joins two clusters. */
@Command(
        name = "peer",
        description =
                "Peer two clusters: show overlaps and the exact names of ranges, then create what both sides need.",
        footer = "It may be repeated: names that were granted stay, tokens are renewed.")
final class PeerCommand implements Callable<Integer> {
    @Mixin
    private final Kubeconfig kubeconfig = new Kubeconfig();

    @Option(
            names = "--peer-kubeconfig",
            paramLabel = "FILE",
            description = "Kubeconfig of the other cluster; default: the same file, with --peer-context.")
    private @Nullable Path peerFile;

    @Option(names = "--peer-context", paramLabel = "NAME", description = "Context in it; default: its current one.")
    private @Nullable String peerContext;

    @Option(names = "--dry-run", description = "Show the preflight with the exact mapping and change nothing.")
    private boolean dryRun;

    @Option(
            names = "--timeout",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "How long each step may wait; default: ${DEFAULT-VALUE}.")
    private long timeout;

    @Option(names = "--no-wait", description = "Do not wait until the Peerings are Ready.")
    private boolean noWait;

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}")
    private OutputFormat output = OutputFormat.table;

    @Override
    public Integer call() throws InterruptedException {
        Progress progress = Progress.on(System.err);
        try (ClusterAccess here = kubeconfig.open();
                ClusterAccess there = openPeer()) {
            PeeringFlow flow = new PeeringFlow(here, there, progress, Duration.ofSeconds(timeout));
            if (!dryRun) {
                flow.awaitInstalled();
            }
            ClusterFacts hereFacts = new FactsReader(here).read();
            ClusterFacts thereFacts = new FactsReader(there).read();
            PreflightReport preflight = Preflight.of(hereFacts, thereFacts);
            progress.say("preflight: " + preflight.overlaps().size() + " overlaps, "
                    + preflight.mapping().size() + " names, "
                    + preflight.problems().size() + " problems");
            if (dryRun || !preflight.problems().isEmpty()) {
                print(new PeerReport(PeerReport.SCHEMA, preflight, true, List.of()));
                return (preflight.problems().isEmpty() ? ExitCode.OK : ExitCode.FAILED).number();
            }
            if (output == OutputFormat.table) {
                System.out.println(preflight.text());
            }
            flow.create(hereFacts, thereFacts, VersionCommand.version());
            List<String> ready = List.of();
            if (!noWait) {
                flow.awaitReady(hereFacts, thereFacts);
                ready = List.of(hereFacts.id() + "/" + thereFacts.id(), thereFacts.id() + "/" + hereFacts.id());
            }
            finish(new PeerReport(PeerReport.SCHEMA, preflight, false, ready));
            return ExitCode.OK.number();
        }
    }

    private ClusterAccess openPeer() {
        if (peerFile == null && peerContext == null) {
            throw new CliException(
                    ExitCode.USAGE,
                    "the other cluster is not named",
                    "add --peer-kubeconfig FILE, or --peer-context NAME for one in the same file.");
        }
        return ClusterAccess.open(peerFile == null ? kubeconfig.path() : peerFile, peerContext);
    }

    private void print(PeerReport report) {
        var out = System.out;
        switch (output) {
            case json -> out.println(Json.write(report));
            case table -> out.println(report.preflight().text());
        }
        out.flush();
    }

    private void finish(PeerReport report) {
        var out = System.out;
        switch (output) {
            case json -> out.println(Json.write(report));
            case table -> out.println("Next: hawser status, or kubectl get peer -n hawser");
        }
        out.flush();
    }
}
