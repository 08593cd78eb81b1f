// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli;

import dev.hawser.api.networking.RemappedRange;
import dev.hawser.cli.cluster.ClusterAccess;
import dev.hawser.cli.cluster.PeerStatus;
import dev.hawser.cli.terminal.ExitCode;
import dev.hawser.cli.terminal.Json;
import dev.hawser.cli.terminal.OutputFormat;
import dev.hawser.cli.terminal.Table;
import java.io.PrintStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code hawser status}: the peers of a cluster. */
@Command(
        name = "status",
        description = "Show the peers of a cluster: connection, latency, names of their ranges, API server.",
        footer = "Exit code 0 if every peer is ready, 1 if one is not.")
final class StatusCommand implements Callable<Integer> {
    @Mixin
    private final Kubeconfig kubeconfig = new Kubeconfig();

    @Option(
            names = {"-o", "--output"},
            defaultValue = "table",
            description = "${COMPLETION-CANDIDATES}")
    private OutputFormat output = OutputFormat.table;

    /** What {@code -o json} prints. */
    record Report(String schema, List<PeerStatus> peers) {
        Report {
            peers = List.copyOf(peers);
        }
    }

    @Override
    public Integer call() {
        List<PeerStatus> peers;
        try (ClusterAccess access = kubeconfig.open()) {
            peers = PeerStatus.readAll(access);
        }
        PrintStream out = System.out;
        switch (output) {
            case json -> out.println(Json.write(new Report("hawser.status/v1", peers)));
            case table -> print(peers, out);
        }
        boolean allReady = peers.stream().allMatch(peer -> peer.ready().equals("True"));
        return (allReady ? ExitCode.OK : ExitCode.FAILED).number();
    }

    private static void print(List<PeerStatus> peers, PrintStream out) {
        if (peers.isEmpty()) {
            out.println("This cluster has no peers. Add one: hawser peer --peer-kubeconfig FILE");
            return;
        }
        Table table = Table.of("PEER", "READY", "CONNECTION", "LATENCY", "RANGES (TRUE=HERE)", "API SERVER");
        for (PeerStatus peer : peers) {
            table.row(
                    peer.peer(),
                    peer.ready(),
                    orDash(peer.connection()),
                    orDash(peer.latency()),
                    peer.remaps().isEmpty()
                            ? "-"
                            : peer.remaps().stream().map(StatusCommand::remap).collect(Collectors.joining(", ")),
                    orDash(peer.apiServer()));
        }
        out.println(table);
        peers.stream()
                .filter(peer -> peer.message() != null)
                .forEach(peer -> out.println(peer.peer() + ": " + peer.message()));
    }

    private static String remap(RemappedRange range) {
        return range.cidr() + "=" + range.remapped();
    }

    private static String orDash(@Nullable String text) {
        return text == null || text.isBlank() ? "-" : text;
    }
}
