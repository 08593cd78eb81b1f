// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.cli.demo.DemoFolder;
import dev.hawser.cli.demo.Lifecycle;
import dev.hawser.cli.terminal.Progress;
import dev.hawser.cli.terminal.Quiet;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.NetworkLab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever talks to Kubernetes and is found on this machine, each with all that it can do, from a pod of one cluster to the
 * API server of the other through the remapped address of its proxy. Writes the table of docs/proxy-clients.md. What the lab's
 * own kubectl can is tried in every {@code make test} too, by {@code SabotageIT}.
 */
@RequiresLab
@Tag("long")
class ClientMatrixIT {
    private static final Path PAGE = Path.of("..", "docs", "proxy-clients.md");
    private static final Duration LONG_WATCH = Duration.ofSeconds(Long.getLong("hawser.proxy.watch.seconds", 600));
    private static final int COPIED = 20_000_000;

    @Test
    void everythingWorksWithEveryClient(@TempDir Path temporary) throws Exception {
        Quiet.libraries();
        Lifecycle lifecycle = new Lifecycle(new DemoFolder(temporary.resolve("demo")), Progress.on(System.err));
        try (NetworkLab lab = NetworkLab.open("clients")) {
            PeerAccess access = PeerAccess.open(lifecycle.up(), lab, temporary.resolve("clients"));
            CompletableFuture<String> watch = longWatch(access);
            List<Trial> trials = new ArrayList<>();
            for (Client client : clients(access)) {
                trials.add(Trial.of(client, access));
            }
            String event = watch.join();
            Files.writeString(PAGE, page(trials, event));
            assertThat(trials).allSatisfy(trial -> assertThat(trial.failures()).isEmpty());
        } finally {
            assertThat(lifecycle.down()).as("left behind").isEmpty();
        }
    }

    /** Meanwhile, for it takes ten minutes. */
    private static CompletableFuture<String> longWatch(PeerAccess access) throws IOException {
        KubectlClient patient = new KubectlClient(access, access.kubectl(), false, LONG_WATCH, COPIED);
        CompletableFuture<String> result = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("long-watch").start(() -> {
            try {
                result.complete(patient.watch());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        return result;
    }

    private static List<Client> clients(PeerAccess access) throws IOException {
        List<Client> clients = new ArrayList<>();
        for (Kubectls.Found found : Kubectls.find(access)) {
            clients.add(kubectl(access, found, false));
            if (found.websockets()) {
                clients.add(kubectl(access, found, true));
            }
        }
        clients.add(new CurlClient(access).client());
        clients.add(FabricClient.jdk(access));
        FabricClient.vertx(access).ifPresent(clients::add);
        GoClient.find(access).ifPresent(clients::add);
        PythonClient.find(access).ifPresent(clients::add);
        return clients;
    }

    private static Client kubectl(PeerAccess access, Kubectls.Found found, boolean spdy) throws IOException {
        return new KubectlClient(access, found.program(), spdy, KubectlClient.SHORT_SILENCE, COPIED)
                .client("kubectl " + found.version());
    }

    private static String page(List<Trial> trials, String watch) {
        StringBuilder rows = new StringBuilder("| client | upgrades |");
        for (Feature feature : Feature.values()) {
            rows.append(' ').append(feature.title()).append(" |");
        }
        rows.append("\n|---|---|").repeat("---|", Feature.values().length).append('\n');
        trials.forEach(trial -> rows.append(trial.row()));
        return """
                # Clients of the API server proxy

                What works through the remapped address of the other cluster's proxy, from a pod of genoa to the API server (1.35) of 3rd-lisbon in the
                demo, as `ClientMatrixIT` found it on %s with the programs of that machine. `make long` writes this page. A cell says what was
                done and came out right; "-" is what a client cannot do, or what was not tried with it. After each row the counter of 3rd-lisbon's proxy had
                moved by as many tunnels as are in its last column, so that nothing took another way.

                A watch of kubectl 1.35 stayed open in silence meanwhile and then brought %s.

                """.formatted(LocalDate.now(ZoneOffset.UTC), watch)
                + rows.toString().replaceFirst(" \\|\n", " | tunnels |\n").replaceFirst("---\\|\n", "---|--:|\n");
    }
}
