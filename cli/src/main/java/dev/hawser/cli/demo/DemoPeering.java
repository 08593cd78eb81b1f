// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.api.networking.Peering;
import dev.hawser.cli.Main;
import dev.hawser.cli.terminal.Progress;
import dev.hawser.lab.LabException;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.JavaProgram;
import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Joins the clusters of the demo by the command that users have, run by the operator. */
final class DemoPeering {
    private static final Duration POLL = Duration.ofMillis(50);
    // On a machine that does something else as well, the first start of six Java programs takes its time.
    private static final Duration STEP_LIMIT = Duration.ofMinutes(3);

    private final DemoFolder folder;
    private final Topology topology;
    private final List<Site> sites;
    private final Progress progress;

    DemoPeering(DemoFolder folder, Topology topology, List<Site> sites, Progress progress) {
        this.folder = folder;
        this.topology = topology;
        this.sites = sites;
        this.progress = progress;
    }

    /** Peers them, waits until both Peerings are Ready, and leaves a kubeconfig for the other cluster in every pod. */
    void peer() {
        ChildProcess peer = topology.get(Topology.OPERATOR).start("hawser-peer", command());
        try (LogTail lines = new LogTail(peer.log())) {
            while (!peer.awaitExit(POLL)) {
                lines.forEachNew(line -> progress.say("hawser peer: " + withoutClock(line)));
            }
            lines.forEachNew(line -> progress.say("hawser peer: " + withoutClock(line)));
        }
        if (peer.exitCode().orElseThrow() != 0) {
            throw new LabException("hawser peer failed with exit code "
                    + peer.exitCode().orElseThrow() + "; the pods at that moment:\n" + pods());
        }
        for (Site site : sites) {
            podKubeconfig(site, sites.get(0).equals(site) ? sites.get(1) : sites.get(0));
        }
    }

    /** For whoever must find out what went wrong: the folder of the demo goes with it. */
    private String pods() {
        return sites.stream()
                .flatMap(site -> site.cluster().client().pods().inAnyNamespace().list().getItems().stream()
                        .map(pod -> site.plan().id() + " " + line(pod)))
                .collect(Collectors.joining("\n"));
    }

    private static String line(Pod pod) {
        String states = pod.getStatus().getContainerStatuses().stream()
                .map(container -> container.getName() + " ready=" + container.getReady() + " restarts="
                        + container.getRestartCount() + " " + container.getState())
                .collect(Collectors.joining("; "));
        return pod.getMetadata().getNamespace() + "/" + pod.getMetadata().getName() + " "
                + pod.getStatus().getPhase() + " " + states;
    }

    /** What it answers goes into the file of the preflight, what it reports into its log. */
    private Command command() {
        Command program = JavaProgram.of(
                        Main.class.getName(),
                        "peer",
                        "-o",
                        "json",
                        "--timeout",
                        String.valueOf(STEP_LIMIT.toSeconds()),
                        "--kubeconfig",
                        kubeconfig(sites.get(0)),
                        "--peer-kubeconfig",
                        kubeconfig(sites.get(1)))
                .flags("-XX:TieredStopAtLevel=1")
                .flags(ClassArchive.of("peer").flags(true).toArray(String[]::new))
                .command();
        return program.prefixedBy(List.of("sh", "-c", "exec \"$@\" >\"$ANSWER\"", "sh"))
                .with("ANSWER", folder.preflight().toString());
    }

    private String kubeconfig(Site site) {
        return folder.resolve("kubeconfigs/" + site.plan().id() + ".yaml").toString();
    }

    /** For {@code hawser demo enter}: the other cluster's API server through its remapped proxy. */
    private void podKubeconfig(Site here, Site there) {
        Peering peering = here.cluster()
                .client()
                .resources(Peering.class)
                .inNamespace("hawser")
                .withName(there.plan().id())
                .get();
        var status = peering.getStatus();
        if (status == null || status.apiServer() == null) {
            throw new LabException("Peering " + there.plan().id() + " is Ready and tells no API server");
        }
        Path file = folder.resolve("kubeconfigs/" + here.plan().id() + "-pod.yaml");
        new KubeconfigFile()
                .add(
                        there.plan().id(),
                        "https://kubernetes.default.svc",
                        there.certificateAuthority(),
                        status.apiServer().proxyURL(),
                        new AuthInfoBuilder()
                                .withToken(there.token("demo", "tenant"))
                                .build())
                .write(file);
    }

    private static String withoutClock(String line) {
        return line.startsWith("[") ? line.substring(line.indexOf(']') + 1).strip() : line;
    }
}
