// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.cli.demo.DemoFolder;
import dev.hawser.cli.demo.DemoState;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A demo that another process owns, as the checks see it. May be used from several platform threads. */
final class RunningDemo implements AutoCloseable {
    private static final int TIMEOUT_MS = 5_000;

    private final DemoFolder folder;
    private final DemoState state;
    private final NetworkLab lab;
    private final Map<String, Host> hosts = new ConcurrentHashMap<>();

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

    Host host(String name) {
        return hosts.computeIfAbsent(name, n -> lab.attach(n.replace('/', '-'), state.namespace(n)));
    }

    Host host(DemoState.Cluster cluster, String name) {
        return host(cluster.id() + "/" + name);
    }

    /** A file of our own that goes when the checks are over. */
    Path scratch(String name, String content) throws IOException {
        return Files.writeString(lab.directory().resolve(name), content);
    }

    Path scratch(String name) {
        return lab.directory().resolve(name);
    }

    /** kubectl by the operator with all rights. */
    String kubectl(DemoState.Cluster cluster, String... arguments) {
        return kubectl(host("operator"), Path.of(cluster.kubeconfig()), arguments)
                .orThrow()
                .stdout();
    }

    /** kubectl on any host, whatever its exit code. */
    Output kubectl(Host host, Path kubeconfig, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(String.valueOf(state.kubectl()));
        command.add("--request-timeout=5s");
        command.addAll(List.of(arguments));
        return host.run(Command.of(command)
                .with("KUBECONFIG", kubeconfig.toString())
                .with("KUBECACHEDIR", lab.directory().resolve("kubectl-cache").toString()));
    }

    /** An object as the API server has it. */
    <T> T get(DemoState.Cluster cluster, Class<T> type, String resource, String namespace, String name) {
        return Serialization.unmarshal(kubectl(cluster, "get", resource, name, "-n", namespace, "-o", "json"), type);
    }

    String token(DemoState.Cluster cluster, String serviceAccount) {
        return kubectl(cluster, "create", "token", serviceAccount, "-n", "demo").strip();
    }

    /** What a process on the cluster's node counts. */
    Metrics metrics(DemoState.Cluster cluster, int port) throws Exception {
        String answer =
                exchange(host(cluster, "node"), "127.0.0.1", port, "GET /metrics HTTP/1.0\r\nHost: localhost\r\n\r\n");
        return Metrics.parse(answer);
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
        lab.close();
    }

    private static Socket connect(String address, int port) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(address, port), TIMEOUT_MS);
        return socket;
    }
}
