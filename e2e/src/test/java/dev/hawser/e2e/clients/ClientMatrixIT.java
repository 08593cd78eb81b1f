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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
            List<Absence> absences = new ArrayList<>();
            List<Client> clients = new ArrayList<>();
            for (Candidate candidate : candidates(access)) {
                switch (candidate) {
                    case Absence absence -> absences.add(absence);
                    case Client client -> clients.add(client);
                }
            }
            CompletableFuture<String> watch = longWatch(access);
            List<Trial> trials =
                    clients.stream().map(client -> Trial.of(client, access)).toList();
            String event = watch.join();
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            Files.writeString(PAGE, new MatrixPage(trials, absences).text(today, access.version(), event));
            assertThat(trials.stream().flatMap(trial -> trial.failures().stream()))
                    .isEmpty();
        } finally {
            assertThat(lifecycle.down()).as("left behind").isEmpty();
        }
    }

    /** Stands from here on, and meanwhile hears nothing, for it takes ten minutes. */
    private static CompletableFuture<String> longWatch(PeerAccess access) throws Exception {
        KubectlClient patient = new KubectlClient(access, access.kubectl(), Upgrades.AS_IT_LIKES, LONG_WATCH, COPIED);
        CompletableFuture<String> result = new CompletableFuture<>();
        CountDownLatch stands = new CountDownLatch(1);
        Thread.ofPlatform().daemon().name("long-watch").start(() -> {
            try {
                result.complete(patient.watch(stands::countDown));
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        // Its own tunnel belongs to nobody's row.
        assertThat(stands.await(1, TimeUnit.MINUTES))
                .as("the long watch stands")
                .isTrue();
        return result;
    }

    private static List<Candidate> candidates(PeerAccess access) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        List<Kubectls.Found> kubectls = Kubectls.find(access);
        for (Kubectls.Found found : kubectls) {
            for (Upgrades upgrades : found.ways()) {
                candidates.add(new KubectlClient(access, found.program(), upgrades, KubectlClient.SHORT_SILENCE, COPIED)
                        .client("kubectl " + found.version()));
            }
        }
        if (kubectls.size() == 1) {
            candidates.add(new Absence("older kubectls", "there is none on the PATH, nor beside one that is there"));
        }
        candidates.add(new CurlClient(access).client());
        candidates.add(FabricClient.jdk(access));
        candidates.add(FabricClient.vertx(access));
        candidates.addAll(GoClient.find(access));
        candidates.add(PythonClient.find(access));
        return candidates;
    }
}
