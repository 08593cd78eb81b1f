// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.cli.demo.DemoFolder;
import dev.hawser.cli.demo.DemoState;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.net.PortForward;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A demo that another process owns, as the checks see it. May be used from several platform threads. */
final class RunningDemo implements AutoCloseable {
    private static final int TIMEOUT_MS = 5_000;
    private static final int API_PORT = 443;
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);
    private static final int GATEWAY_HEALTH_PORT = 9101;
    private static final int PROXY_HEALTH_PORT = 9102;

    private final DemoFolder folder;
    private final DemoState state;
    private final NetworkLab lab;
    private final Map<String, Host> hosts = new ConcurrentHashMap<>();
    private final Map<String, String> proxies = new ConcurrentHashMap<>();
    private final Map<String, KubernetesClient> clients = new ConcurrentHashMap<>();
    private final List<PortForward> forwards = new CopyOnWriteArrayList<>();

    RunningDemo(DemoFolder folder) {
        this.folder = folder;
        this.state = folder.ready();
        this.lab = NetworkLab.open("demo-check");
    }

    DemoFolder folder() {
        return folder;
    }

    List<DemoState.Cluster> clusters() {
        return state.clusters();
    }

    DemoState.Cluster peerOf(DemoState.Cluster cluster) {
        return state.clusters().stream()
                .filter(other -> !other.id().equals(cluster.id()))
                .findFirst()
                .orElseThrow();
    }

    Host operator() {
        return host("operator");
    }

    Host host(String name) {
        return hosts.computeIfAbsent(name, n -> lab.attach(n.replace('/', '-'), state.namespace(n)));
    }

    /** The one node of a cluster. */
    Host node(DemoState.Cluster cluster) {
        return host(cluster.id() + "/node");
    }

    /** One of the demo's own pods. */
    DemoPod pod(DemoState.Cluster cluster, String name) {
        return new DemoPod(cluster.pod(name), host(cluster.id() + "/" + name));
    }

    /** A file of our own that goes when the checks are over. */
    Path scratch(String name, String content) throws IOException {
        return Files.writeString(scratch(name), content);
    }

    Path scratch(String name) {
        return lab.directory().resolve(name);
    }

    /** kubectl by the operator with all rights. */
    String kubectl(DemoState.Cluster cluster, String... arguments) {
        return kubectl(operator(), Path.of(cluster.kubeconfig()), arguments)
                .orThrow()
                .stdout();
    }

    /** kubectl on any host with this machine's files, whatever its exit code. */
    Output kubectl(Host host, Path kubeconfig, String... arguments) {
        return host.run(command(kubeconfig, "--request-timeout=5s", arguments));
    }

    /**
     * Watches an object by the operator's kubectl.
     *
     * @param template jsonpath of what matters
     */
    ObjectWatch watch(DemoState.Cluster cluster, String kind, String namespace, String name, String template)
            throws Exception {
        String what = kind + " " + name + " in " + cluster.id();
        Command command = command(
                Path.of(cluster.kubeconfig()),
                "--request-timeout=0",
                "get",
                kind,
                name,
                "-n",
                namespace,
                "--watch",
                "-o",
                "jsonpath=" + template + "{\"\\n\"}");
        Path log = Files.createTempFile(lab.directory(), "watch-", ".log");
        return ObjectWatch.of(what, operator().start("watch", command.loggingTo(log)));
    }

    /** An object as the API server has it. */
    <T extends HasMetadata> T get(DemoState.Cluster cluster, Class<T> kind, String namespace, String name) {
        T found = client(cluster)
                .resources(kind)
                .inNamespace(namespace)
                .withName(name)
                .get();
        if (found == null) {
            throw new CheckFailedException(
                    kind.getSimpleName() + " " + namespace + "/" + name + " does not exist in " + cluster.id());
        }
        return found;
    }

    /** A token of a ServiceAccount, good for an hour. */
    String token(DemoState.Cluster cluster, String namespace, String serviceAccount) {
        var request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(TOKEN_LIFE.toSeconds())
                .endSpec()
                .build();
        return client(cluster)
                .serviceAccounts()
                .inNamespace(namespace)
                .withName(serviceAccount)
                .tokenRequest(request)
                .getStatus()
                .getToken();
    }

    /** The one pod of one of Hawser's Deployments. */
    Pod hawserPod(DemoState.Cluster cluster, String namespace, String deployment) {
        return client(cluster)
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/name", deployment)
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .findFirst()
                .orElseThrow(() -> new CheckFailedException(
                        "Deployment " + namespace + "/" + deployment + " of " + cluster.id() + " has no pod"));
    }

    /** What the one pod of one of Hawser's Deployments has written since it started. */
    String log(DemoState.Cluster cluster, String namespace, String deployment) {
        String pod = hawserPod(cluster, namespace, deployment).getMetadata().getName();
        return client(cluster).pods().inNamespace(namespace).withName(pod).getLog();
    }

    /**
     * All rights in a cluster, for the checks' own questions: a program for each would cost more than what is checked. What
     * users do is checked by kubectl.
     */
    KubernetesClient client(DemoState.Cluster cluster) {
        return clients.computeIfAbsent(cluster.id(), id -> {
            try {
                Config config = Config.fromKubeconfig(Files.readString(Path.of(cluster.kubeconfig())));
                config.setMasterUrl("https://127.0.0.1:" + forward(cluster).localPort() + "/");
                config.setRequestRetryBackoffLimit(0);
                return new KubernetesClientBuilder().withConfig(config).build();
            } catch (IOException e) {
                throw new UncheckedIOException("kubeconfig cannot be read: " + cluster.kubeconfig(), e);
            }
        });
    }

    private PortForward forward(DemoState.Cluster cluster) {
        PortForward forward = node(cluster).forwardPort(API_PORT);
        forwards.add(forward);
        return forward;
    }

    /** What the gateway of a cluster counts; asked on its node, which it shares the network with. */
    Metrics gatewayMetrics(DemoState.Cluster cluster) throws Exception {
        return metrics(cluster, cluster.nodeAddress(), GATEWAY_HEALTH_PORT);
    }

    /** What the proxy of a cluster counts; the cluster's API server is asked only once where it is. */
    Metrics proxyMetrics(DemoState.Cluster cluster) throws Exception {
        String address = proxies.computeIfAbsent(
                cluster.id(),
                id -> kubectl(
                                cluster,
                                "get",
                                "pod",
                                "-n",
                                "hawser",
                                "-l",
                                "app.kubernetes.io/name=api-server-proxy",
                                "--field-selector=status.phase=Running",
                                "-o",
                                "jsonpath={.items[0].status.podIP}")
                        .strip());
        return metrics(cluster, address, PROXY_HEALTH_PORT);
    }

    /** Sends a text from a host and returns all that comes back until the other side closes or falls silent. */
    String exchange(Host host, String address, int port, String request) throws Exception {
        try (Socket socket = host.call(() -> connect(address, port))) {
            socket.setSoTimeout(TIMEOUT_MS);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Override
    public void close() {
        clients.values().forEach(KubernetesClient::close);
        forwards.forEach(PortForward::close);
        lab.close();
    }

    private Metrics metrics(DemoState.Cluster cluster, String address, int port) throws Exception {
        return Metrics.parse(
                exchange(node(cluster), address, port, "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n"));
    }

    private Command command(Path kubeconfig, String first, String... arguments) {
        List<String> all = new ArrayList<>(List.of(String.valueOf(state.kubectl()), first));
        all.addAll(List.of(arguments));
        return Command.of(all)
                .with("KUBECONFIG", kubeconfig.toString())
                .with("KUBECACHEDIR", lab.directory().resolve("kubectl-cache").toString());
    }

    private static Socket connect(String address, int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(address, port), TIMEOUT_MS);
        return socket;
    }
}
