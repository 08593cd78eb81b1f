// SPDX-License-Identifier: Apache-2.0
package dev.hawser.e2e.clients;

import dev.hawser.cli.demo.DemoState;
import dev.hawser.lab.kubernetes.Kubeconfig;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The API server of 3rd-lisbon as a pod of genoa reaches it: through the remapped address of its proxy, with all rights in
 * its namespace {@code demo}.
 *
 * @param demo that runs
 * @param pod of genoa, whose network the clients use
 * @param operator from where an administrator reaches both clusters
 * @param folder for files of the clients
 * @param proxy URL of the proxy
 * @param token of the ServiceAccount
 */
public record PeerAccess(DemoState demo, Host pod, Host operator, Path folder, String proxy, String token) {
    /** The cluster that is called. */
    public static final String PEER = "3rd-lisbon";
    /** As the proxy knows its API server, and as its certificate names it. */
    static final String SERVER = "https://kubernetes.default.svc";
    /** A pod of the peer with a shell, a web server and a log that grows. */
    static final String TOOLBOX = "toolbox";

    static final String NAMESPACE = "demo";
    /** May do everything in the namespace. */
    private static final String ACCOUNT = "clients";

    private static final String CALLER = "genoa";
    private static final Pattern VERSION = Pattern.compile("\"gitVersion\": *\"v([^\"]+)\"");

    /** Asks both clusters for the way. */
    public static PeerAccess open(DemoState demo, NetworkLab lab, Path folder) throws IOException {
        Host operator = lab.attach("clients-operator", demo.namespace("operator"));
        Host pod = lab.attach("clients-pod", demo.namespace(CALLER + "/" + TOOLBOX));
        String address = admin(
                demo,
                operator,
                CALLER,
                "get",
                "peering",
                PEER,
                "-n",
                "hawser",
                "-o",
                "jsonpath={.status.apiServer.address}");
        grant(demo, operator, "serviceaccount", ACCOUNT);
        grant(
                demo,
                operator,
                "rolebinding",
                ACCOUNT,
                "--clusterrole=cluster-admin",
                "--serviceaccount=" + NAMESPACE + ":" + ACCOUNT);
        String token = admin(demo, operator, PEER, "create", "token", ACCOUNT, "-n", NAMESPACE, "--duration=24h");
        Files.createDirectories(folder);
        return new PeerAccess(demo, pod, operator, folder, "http://" + address + ":8118", token.strip());
    }

    /** A kubeconfig with all of it. */
    Path kubeconfig() throws IOException {
        Kubeconfig kubeconfig =
                Kubeconfig.of(SERVER, certificateAuthority()).withToken(token).through(proxy);
        return Files.writeString(folder.resolve("kubeconfig.yaml"), kubeconfig.yaml());
    }

    /** PEM, of the peer's API server. */
    String certificateAuthority() {
        return cluster(demo, PEER).certificateAuthority();
    }

    /** The kubectl of the laboratory. */
    Path kubectl() {
        return Path.of(String.valueOf(demo.kubectl()));
    }

    /** Of the peer's API server, such as 1.35.4. */
    String version() {
        Matcher version = VERSION.matcher(peer("get", "--raw", "/version"));
        if (!version.find()) {
            throw new IllegalStateException("the API server of " + PEER + " does not say its version");
        }
        return version.group(1);
    }

    /** What the peer's proxy has connected so far: who moves this has come through it. */
    public long tunnels() {
        String proxyPod = peer(
                "get",
                "pod",
                "-n",
                "hawser",
                "-l",
                "app.kubernetes.io/name=api-server-proxy",
                "-o",
                "jsonpath={.items[0].metadata.name}");
        return peer("get", "--raw", "/api/v1/namespaces/hawser/pods/http:" + proxyPod + ":9102/proxy/metrics")
                .lines()
                .filter(line -> line.startsWith("hawser_proxy_connects_total{outcome=\"connected\"}"))
                .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** Runs kubectl as an administrator of the peer, who is not on the way through the proxy. */
    String peer(String... arguments) {
        return admin(demo, operator, PEER, arguments);
    }

    /** Creates an object of the peer unless it is there. */
    private static void grant(DemoState demo, Host operator, String kind, String... arguments) {
        List<String> create = new ArrayList<>(List.of("create", kind));
        create.addAll(List.of(arguments));
        create.addAll(List.of("-n", NAMESPACE, "--dry-run=client", "-o", "yaml"));
        String yaml = admin(demo, operator, PEER, create.toArray(String[]::new));
        operator.run(command(demo, PEER, "apply", "-f", "-").reading(yaml)).orThrow();
    }

    private static String admin(DemoState demo, Host operator, String cluster, String... arguments) {
        return operator.run(command(demo, cluster, arguments)).orThrow().stdout();
    }

    private static Command command(DemoState demo, String cluster, String... arguments) {
        return Command.of(arguments)
                .prefixedBy(List.of(String.valueOf(demo.kubectl())))
                .with("KUBECONFIG", cluster(demo, cluster).kubeconfig());
    }

    private static DemoState.Cluster cluster(DemoState demo, String id) {
        return demo.clusters().stream()
                .filter(cluster -> cluster.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
