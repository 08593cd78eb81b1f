// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.kubernetes;

import dev.hawser.lab.LabException;
import dev.hawser.lab.kubernetes.NodeFiles.User;
import dev.hawser.lab.linux.ControlGroup;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Signal;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * A whole Kubernetes cluster of one node on a laboratory host: control plane, controller manager, scheduler, kubelet,
 * containerd, runc, CNI bridge and kube-proxy; ready in about six seconds.
 *
 * <p>Clusters know nothing of each other, whatever addresses they use: networks are the hosts', daemons see file systems
 * and processes of their own node only, and what the kubelet would set for the whole machine is kept from it. The pods'
 * bridge {@code cni0} masquerades what leaves it. There are neither DNS nor a registry: images are imported. Everything
 * dies with this JVM; {@link #close()}, which closing the laboratory calls, also removes the control groups. Methods may
 * be called from any platform thread; two clusters start side by side on two.
 */
public final class Cluster implements AutoCloseable {
    /** An image that every cluster has: a static program that waits to be stopped, and nothing else. */
    public static final String PAUSE_IMAGE = "lab.hawser.dev/pause:1";
    /** An image that every cluster has: busybox under all its names; without a command it waits to be deleted. */
    public static final String TOOLS_IMAGE = "lab.hawser.dev/tools:1";

    private static final String CONTROLLER_MANAGER = "kube-controller-manager";
    private static final String SCHEDULER = "kube-scheduler";
    private static final String PROXY = "kube-proxy";
    private static final Duration READY_LIMIT = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final int CONNECT_MILLIS = 200;

    private final Host host;
    private final ClusterSpec spec;
    private final KubernetesBinaries binaries;
    private final NodePackages packages;
    private final ControlPlane controlPlane;
    private final NodeFiles files;
    private final ControlGroup group;
    // The end of the JVM may close a cluster that is still being started.
    private final Map<String, ChildProcess> programs = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile @Nullable NodeRuntime runtime;
    private @Nullable Kubectl kubectl;

    private Cluster(Host host, ClusterSpec spec, KubernetesBinaries binaries, NodePackages packages) {
        this.host = host;
        this.spec = spec;
        this.binaries = binaries;
        this.packages = packages;
        this.controlPlane = ControlPlane.prepare(host, spec.controlPlane(), binaries);
        this.files = new NodeFiles(host.directory().resolve("node"));
        this.group = ControlGroup.create(spec.name());
    }

    /**
     * Starts a new cluster and waits until its node is ready, pods can be made and Services are reached.
     *
     * @param host has the node's addresses and a default route of each family, wherever that leads
     */
    public static Cluster start(Host host, ClusterSpec spec, KubernetesBinaries binaries, NodePackages packages) {
        ControlGroup.removeAbandoned();
        host.forward(true);
        if (spec.ipv6().isPresent()) {
            // Who else should have the addresses of the bridge? Looking for him would take it a second or two.
            host.sysctl("net/ipv6/conf/default/accept_dad", "0");
        }
        Cluster cluster = new Cluster(host, spec, binaries, packages);
        host.beforeRelease(cluster::close);
        try {
            cluster.start();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    public ClusterSpec spec() {
        return spec;
    }

    public Host host() {
        return host;
    }

    public ControlPlane controlPlane() {
        return controlPlane;
    }

    /** A client with all rights for code in this JVM; closed with this cluster. */
    public KubernetesClient client() {
        return controlPlane.client();
    }

    /** kubectl with all rights on the node. */
    public synchronized Kubectl kubectl() {
        if (kubectl == null) {
            kubectl = controlPlane.kubectl();
        }
        return kubectl;
    }

    public ChildProcess controllerManager() {
        return program(CONTROLLER_MANAGER);
    }

    public ChildProcess scheduler() {
        return program(SCHEDULER);
    }

    public ChildProcess kubeProxy() {
        return program(PROXY);
    }

    /** What holds the namespaces of containerd and kubelet; they end with it. */
    public ChildProcess node() {
        return runtime().process();
    }

    /** Makes the images of an archive (OCI layout or of {@code docker save}) known to the node. */
    public void importImage(Path archive) {
        runtime().importImage(archive);
    }

    /** Where the processes of pods are. */
    public PodProcesses pods() {
        return new PodProcesses(group.name(), client());
    }

    /** The id of the process that a running container consists of, as this JVM sees it. */
    public long containerPid(String namespace, String pod, String container) {
        return pods().containerPid(namespace, pod, container);
    }

    /** The network namespace of a pod as a path, good as long as the pod lives. */
    public Path podNamespace(String namespace, String pod) {
        return pods().namespace(namespace, pod);
    }

    /** The network of a running pod as a host; files and processes are those of this machine. */
    public Host pod(String namespace, String pod) {
        return host.inside(spec.name() + "-" + namespace + "-" + pod, podNamespace(namespace, pod));
    }

    /** The name of the control group that all containers are in, for {@link PodProcesses} of another JVM. */
    public String controlGroup() {
        return group.name();
    }

    /** A command prefix for people: what follows it runs on the node, with its files and its processes. */
    public String enterCommand() {
        return "nsenter --target=" + runtime().firstProcess() + " --mount --uts --ipc --net --pid -- env PATH="
                + packages.environment().get("PATH");
    }

    /** Discards the cluster: kills everything at once and waits until nothing of it is left. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        // All are signalled before the first is waited for: their ends overlap.
        NodeRuntime node = runtime;
        if (node != null) {
            node.kill();
        }
        programs.values().forEach(program -> program.signal(Signal.KILL));
        controlPlane.close();
        programs.values().forEach(ChildProcess::kill);
        if (node != null) {
            node.close();
        }
        group.close();
    }

    @Override
    public String toString() {
        return "cluster " + spec.name();
    }

    private void start() {
        controlPlane.launch();
        boot();
        controlPlane.awaitReady();
        // They ask the API server at once, and wait longer each time it does not answer: not before it does.
        runtime().startKubelet();
        run(CONTROLLER_MANAGER, controllerManagerCommand());
        run(SCHEDULER, schedulerCommand());
        run(
                PROXY,
                Command.of(binaries.kubeProxy().toString(), "--config=" + files.kubeProxy())
                        .with(packages.environment()));
        awaitReady();
    }

    /** Starts containerd, which takes as long as a third of the control plane, beside it. */
    private void boot() {
        try {
            Files.createDirectories(files.folder());
            files.write(spec, controlPlane.pki(), controlPlane.hostServer(), packages, group.name());
            List<String> applets = host.run(packages.busybox().toString(), "--list")
                    .stdout()
                    .lines()
                    .toList();
            files.writeImages(spec, binaries.pause(), packages.busybox(), applets);
        } catch (IOException e) {
            throw new UncheckedIOException("files of " + this + " cannot be written to " + files.folder(), e);
        }
        runtime = NodeRuntime.boot(
                host,
                files.folder(),
                packages,
                List.of(
                        group.name(),
                        spec.name(),
                        binaries.kubelet().toString(),
                        "--config=" + files.kubelet(),
                        "--kubeconfig=" + files.kubeconfig(User.KUBELET),
                        "--hostname-override=" + spec.nodeName(),
                        "--node-ip=" + spec.nodeAddresses()));
    }

    private Command controllerManagerCommand() {
        Path kubeconfig = files.kubeconfig(User.CONTROLLER_MANAGER);
        return Command.of(
                binaries.kubeControllerManager().toString(),
                "--kubeconfig=" + kubeconfig,
                "--authentication-kubeconfig=" + kubeconfig,
                "--authorization-kubeconfig=" + kubeconfig,
                "--bind-address=127.0.0.1",
                "--leader-elect=false",
                "--use-service-account-credentials",
                "--service-account-private-key-file=" + controlPlane.directory().resolve("service-accounts.key"),
                "--root-ca-file=" + controlPlane.directory().resolve("ca.crt"),
                "--allocate-node-cidrs=true",
                "--cluster-cidr=" + spec.podCidrs(),
                "--service-cluster-ip-range=" + spec.serviceCidrs(),
                // It makes an account for each of its controllers first; at the usual rate that takes ten seconds.
                "--kube-api-qps=500",
                "--kube-api-burst=1000");
    }

    private Command schedulerCommand() {
        Path kubeconfig = files.kubeconfig(User.SCHEDULER);
        return Command.of(
                binaries.kubeScheduler().toString(),
                "--kubeconfig=" + kubeconfig,
                "--authentication-kubeconfig=" + kubeconfig,
                "--authorization-kubeconfig=" + kubeconfig,
                "--bind-address=127.0.0.1",
                "--leader-elect=false");
    }

    private void run(String name, Command command) {
        programs.put(name, host.start(name, command));
    }

    private void awaitReady() {
        long deadline = System.nanoTime() + READY_LIMIT.toNanos();
        for (String missing = missing(); !missing.isEmpty(); missing = missing()) {
            programs.values().forEach(this::requireAlive);
            requireAlive(runtime().process());
            if (System.nanoTime() - deadline > 0) {
                throw new LabException(this + " is not ready after " + READY_LIMIT + ": " + missing + "; logs are in "
                        + files.folder() + " and beside " + runtime().process().log());
            }
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    /** What a pod would still miss; empty if nothing. */
    private String missing() {
        try {
            Node node = client().nodes().withName(spec.nodeName()).get();
            if (node == null) {
                return "the node has not registered";
            }
            boolean ready = node.getStatus().getConditions().stream()
                    .anyMatch(condition -> condition.getType().equals("Ready")
                            && condition.getStatus().equals("True"));
            if (!ready || !node.getSpec().getTaints().isEmpty()) {
                return "the node is not ready: " + node.getStatus().getConditions() + ", taints "
                        + node.getSpec().getTaints();
            }
            if (client().serviceAccounts()
                            .inNamespace("default")
                            .withName("default")
                            .get()
                    == null) {
                return "there is no default ServiceAccount";
            }
            return servesServices()
                    ? ""
                    : "kube-proxy does not lead to Service default/kubernetes; has " + host + " a default route?";
        } catch (KubernetesClientException e) {
            return "the API server does not answer: " + e.getMessage();
        }
    }

    private boolean servesServices() {
        String address = spec.controlPlane().firstServiceAddress();
        try {
            return host.call(() -> {
                try (Socket socket = new Socket()) {
                    socket.connect(new InetSocketAddress(address, ControlPlane.PORT), CONNECT_MILLIS);
                    return true;
                }
            });
        } catch (Exception e) {
            return false;
        }
    }

    private void requireAlive(ChildProcess process) {
        if (!process.alive()) {
            throw new LabException(process + " ended while " + this + " was starting:\n" + process.logTail(20)
                    + "\nmore logs are in " + files.folder());
        }
    }

    private ChildProcess program(String name) {
        ChildProcess process = programs.get(name);
        if (process == null) {
            throw new IllegalStateException(name + " was never started on " + host);
        }
        return process;
    }

    private NodeRuntime runtime() {
        NodeRuntime node = runtime;
        if (node == null) {
            throw new IllegalStateException("the node of " + this + " was never started");
        }
        return node;
    }
}
