// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo;

import dev.hawser.cli.terminal.Json;
import dev.hawser.cli.terminal.Progress;
import dev.hawser.lab.LabException;
import dev.hawser.lab.kubernetes.Cluster;
import dev.hawser.lab.kubernetes.ClusterSpec;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.kubernetes.Ipv6Ranges;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.kubernetes.NodePackages;
import dev.hawser.lab.process.Command;
import io.fabric8.kubernetes.api.model.AuthInfo;
import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One cluster of the demo: a whole Kubernetes, the demo's pods, and Hawser in it. For one thread at a time. */
final class Site {
    private static final Duration TOKEN_LIFE = Duration.ofDays(1);
    private static final Duration READY_LIMIT = Duration.ofMinutes(2);

    private final ClusterPlan plan;
    private final Topology topology;
    private final DemoFolder folder;
    private final Material material;
    private final Progress progress;
    private final Cluster cluster;
    private final Installation installation;
    private final Path kubeconfig;

    /**
     * What clusters are made of.
     *
     * @param threads for what can be done meanwhile
     * @param image Hawser, once it is built
     */
    record Material(KubernetesBinaries binaries, NodePackages packages, ExecutorService threads, Future<Path> image) {
        private static final long FOUND_MILLIS = 2_000;

        /** The image if it is there; one that is still being built comes when the cluster stands. */
        Optional<Path> earlyImage() throws InterruptedException, ExecutionException {
            try {
                return Optional.of(image.get(FOUND_MILLIS, TimeUnit.MILLISECONDS));
            } catch (TimeoutException e) {
                return Optional.empty();
            }
        }
    }

    private Site(
            ClusterPlan plan,
            Topology topology,
            DemoFolder folder,
            Material material,
            Progress progress,
            Cluster cluster) {
        this.plan = plan;
        this.topology = topology;
        this.folder = folder;
        this.material = material;
        this.progress = progress;
        this.cluster = cluster;
        this.installation =
                new Installation(folder.resolve("manifests/" + plan.id()), plan, material.binaries()).write();
        this.kubeconfig = addTo(new KubeconfigFile()).write(folder.resolve("kubeconfigs/" + plan.id() + ".yaml"));
    }

    /** Starts a cluster, and installs everything; returns when all of it is up. */
    static Site start(ClusterPlan plan, Topology topology, DemoFolder folder, Material material, Progress progress)
            throws InterruptedException, ExecutionException {
        Optional<Path> image = material.earlyImage();
        ClusterSpec spec = ClusterSpec.of(plan.id(), plan.nodeAddress())
                .with(new Ipv6Ranges(plan.nodeIpv6(), ClusterPlan.POD_CIDR_IPV6, ClusterPlan.SERVICE_CIDR_IPV6))
                .withSans(plan.managementAddress())
                .withImages(image.stream().toArray(Path[]::new));
        Cluster cluster =
                Cluster.start(topology.get(plan, Topology.NODE), spec, material.binaries(), material.packages());
        Site site = new Site(plan, topology, folder, material, progress, cluster);
        site.say("Kubernetes is up, its node is Ready");
        Future<?> defined = material.threads().submit(site::define);
        site.preparePods();
        defined.get();
        if (image.isEmpty()) {
            site.importImage();
        }
        site.install();
        return site;
    }

    ClusterPlan plan() {
        return plan;
    }

    Cluster cluster() {
        return cluster;
    }

    /** Adds this cluster, with an administrator's rights and reached from the operator, to a kubeconfig. */
    KubeconfigFile addTo(KubeconfigFile file) {
        var admin = cluster.controlPlane().pki().admin();
        AuthInfo user = new AuthInfoBuilder()
                .withClientCertificateData(KubeconfigFile.base64(admin.certificate()))
                .withClientKeyData(KubeconfigFile.base64(admin.key()))
                .build();
        return file.add(plan.id(), server(), certificateAuthority(), null, user);
    }

    /** PEM. */
    String certificateAuthority() {
        return cluster.controlPlane().pki().caCertificate();
    }

    DemoState.Cluster state() {
        return new DemoState.Cluster(
                plan.id(),
                server(),
                certificateAuthority(),
                kubeconfig.toString(),
                plan.nodeAddress(),
                installation.crds().toString(),
                installation.overlay().toString(),
                before().toString(),
                Map.of("kube-apiserver", cluster.controlPlane().apiServer().pid(), "kubelet", kubelet()),
                ClusterPlan.PODS.stream().map(this::pod).toList());
    }

    /** A token of a ServiceAccount that outlives an afternoon's demo. */
    String token(String namespace, String serviceAccount) {
        var request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(TOKEN_LIFE.toSeconds())
                .endSpec()
                .build();
        return cluster.client()
                .serviceAccounts()
                .inNamespace(namespace)
                .withName(serviceAccount)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    /**
     * The kubelet stands in the node's own process namespace; here it is known by its command line, which those who
     * started it have in theirs, but not at the beginning.
     */
    private long kubelet() {
        String command =
                material.binaries().kubelet() + " --config=" + cluster.host().directory();
        return ProcessHandle.allProcesses()
                .map(ProcessHandle::pid)
                .filter(pid -> Marked.commandLine(pid).startsWith(command))
                .findFirst()
                .orElseThrow(() -> new LabException("no process runs " + command));
    }

    private DemoState.Pod pod(String name) {
        var pod = cluster.client().pods().inNamespace("demo").withName(name).get();
        String container = pod.getSpec().getContainers().getFirst().getName();
        return new DemoState.Pod(
                name,
                pod.getStatus().getPodIPs().stream().map(PodIP::getIp).toList(),
                cluster.containerPid("demo", name, container));
    }

    private String server() {
        return "https://" + plan.managementAddress() + ":" + ControlPlane.PORT;
    }

    private Path before() {
        return folder.resolve("before-install-" + plan.id() + ".json");
    }

    /** The demo's own pods: they are there before Hawser and after it. */
    private void preparePods() {
        // One after the other: addresses are given in the order of arrival.
        kubectl("apply", "--server-side", "-f", installation.demoObjects().toString());
        awaitPods(ClusterPlan.PODS.subList(0, 1));
        kubectl("apply", "--server-side", "-f", installation.demoPods().toString());
        awaitPods(ClusterPlan.PODS);
    }

    private void importImage() throws InterruptedException, ExecutionException {
        cluster.importImage(material.image().get());
        say("image is imported");
    }

    private void install() {
        try {
            Files.writeString(before(), Json.write(cluster.host().snapshot()));
        } catch (IOException e) {
            throw new UncheckedIOException("snapshot of the node cannot be written: " + before(), e);
        }
        kubectl("apply", "--server-side", "-k", installation.overlay().toString());
        say("Hawser is installed");
    }

    private void awaitPods(List<String> names) {
        for (String name : names) {
            cluster.client()
                    .pods()
                    .inNamespace("demo")
                    .withName(name)
                    .waitUntilReady(READY_LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private void define() {
        kubectl("apply", "--server-side", "-k", installation.crds().toString());
        var definitions = cluster.client().apiextensions().v1().customResourceDefinitions();
        for (var definition : definitions.list().getItems()) {
            definitions
                    .withName(definition.getMetadata().getName())
                    .waitUntilCondition(Site::established, READY_LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static boolean established(@Nullable CustomResourceDefinition definition) {
        return definition != null
                && definition.getStatus() != null
                && definition.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Established")
                                && condition.getStatus().equals("True"));
    }

    private void kubectl(String... arguments) {
        Command command = Command.of(arguments)
                .prefixedBy(List.of(material.binaries().kubectl().toString()))
                .with("KUBECONFIG", kubeconfig.toString())
                .with("KUBECACHEDIR", folder.resolve("kubectl-cache").toString());
        topology.get(Topology.OPERATOR).run(command).orThrow();
    }

    private void say(String what) {
        progress.say(plan.id() + ": " + what);
    }
}
