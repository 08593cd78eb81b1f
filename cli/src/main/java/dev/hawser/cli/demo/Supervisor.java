// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.cli.terminal.Progress;
import dev.hawser.cli.terminal.Quiet;
import dev.hawser.image.ImageBuild;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.kubernetes.NodePackages;
import dev.hawser.lab.net.NetworkLab;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The process that owns a demo: its namespaces and all other processes end with it, however it ends.
 *
 * <p>Started by {@code hawser demo up}, ended by SIGTERM. It writes {@link DemoState} and progress lines into the {@link
 * DemoFolder} and listens to nobody.
 */
final class Supervisor {
    private final DemoFolder folder;
    private final Progress progress;
    private final NetworkLab lab;

    private Supervisor(DemoFolder folder, Progress progress, NetworkLab lab) {
        this.folder = folder;
        this.progress = progress;
        this.lab = lab;
    }

    /** Runs until it is ended by a signal. */
    public static void main(String[] arguments) throws IOException {
        Quiet.libraries();
        DemoFolder folder = new DemoFolder(Path.of(arguments[0]));
        PrintStream lines = new PrintStream(folder.progress().toFile(), StandardCharsets.UTF_8);
        Progress progress = Progress.on(lines);
        NetworkLab lab = NetworkLab.open("demo", folder.resolve("lab"));
        Supervisor supervisor = new Supervisor(folder, progress, lab);
        supervisor.report(DemoState.Phase.STARTING, null, null, Map.of(), List.of());
        try {
            supervisor.start();
        } catch (RuntimeException | InterruptedException | ExecutionException e) {
            e.printStackTrace();
            supervisor.report(DemoState.Phase.FAILED, message(e), null, Map.of(), List.of());
            lab.close();
            return;
        }
        while (true) {
            LockSupport.park();
        }
    }

    private void start() throws InterruptedException, ExecutionException {
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            // While clusters start, the first time.
            Future<Path> image = threads.submit(() -> ImageBuild.ensure(progress::say));
            Site.Material material = new Site.Material(
                    KubernetesBinaries.ensure(progress::say), NodePackages.ensure(progress::say), threads, image);
            Topology topology = Topology.build(lab);
            progress.say("networks are up: " + topology.namespaces().size() + " hosts");
            List<Site> sites = startSites(threads, topology, material);
            KubeconfigFile operator = new KubeconfigFile();
            sites.forEach(site -> site.addTo(operator));
            operator.write(folder.resolve("kubeconfigs/operator.yaml"));

            new DemoPeering(folder, topology, sites, progress).peer();
            List<DemoState.Cluster> clusters = sites.stream().map(Site::state).toList();
            report(
                    DemoState.Phase.READY,
                    null,
                    material.binaries().kubectl().toString(),
                    hosts(topology, clusters),
                    clusters);
        }
    }

    /** Both at once: a cluster takes seconds, most of them waiting for the other core. */
    private List<Site> startSites(ExecutorService threads, Topology topology, Site.Material material)
            throws InterruptedException, ExecutionException {
        List<Future<Site>> starting = new ArrayList<>();
        for (ClusterPlan plan : ClusterPlan.ALL) {
            starting.add(threads.submit(() -> Site.start(plan, topology, folder, material, progress)));
        }
        List<Site> sites = new ArrayList<>();
        for (Future<Site> site : starting) {
            sites.add(site.get());
        }
        return sites;
    }

    /** The networks of hosts, and those of the demo's pods. */
    private static Map<String, String> hosts(Topology topology, List<DemoState.Cluster> clusters) {
        Map<String, String> hosts = new TreeMap<>(topology.namespaces());
        clusters.forEach(cluster -> cluster.pods()
                .forEach(pod -> hosts.put(cluster.id() + "/" + pod.name(), "/proc/" + pod.process() + "/ns/net")));
        return hosts;
    }

    private void report(
            DemoState.Phase phase,
            @Nullable String message,
            @Nullable String kubectl,
            Map<String, String> hosts,
            List<DemoState.Cluster> clusters) {
        folder.write(new DemoState(phase, message, ProcessHandle.current().pid(), kubectl, hosts, clusters));
    }

    private static String message(Throwable failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        return String.valueOf(cause.getMessage());
    }
}
