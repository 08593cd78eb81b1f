// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.cli.demo.DemoState;
import dev.hawser.cli.demo.KubeconfigFile;
import dev.hawser.lab.process.Output;
import io.fabric8.kubernetes.api.model.AuthInfoBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.rbac.Subject;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the proxy and a peer may do with a cluster, by the cluster's own word.
 *
 * <p>The measure is an identity that nobody gave anything: what it may, every authenticated identity may.
 */
final class RightsChecks {
    // Where a right would hurt most. That no binding anywhere names the identity is asked as well.
    private static final List<String> NAMESPACES = List.of("hawser", "hawser-peers");

    private final RunningDemo demo;
    private final DemoState.Cluster cluster;
    private final String peer;
    private final Map<String, Set<String>> everybodys = new ConcurrentHashMap<>();

    RightsChecks(RunningDemo demo, DemoState.Cluster cluster) {
        this.demo = demo;
        this.cluster = cluster;
        this.peer = demo.peerOf(cluster).id();
    }

    /** What the proxy may; needs only this cluster's API server. */
    Stream<Check> ofProxy() {
        return Stream.of(check(
                "proxy-may-nothing",
                "the proxy's identity may do what every identity may, and its pod holds no token",
                Look.operator(cluster, "get rolebindings,clusterrolebindings -A -o wide"),
                this::proxy));
    }

    /** What the peer may; the peer's API server is asked for the token. */
    Stream<Check> ofPeer() {
        return Stream.of(check(
                "peer-may-read-one-object",
                "the token that the peer holds reads its Advertisement and renews itself, nothing else",
                Look.operator(cluster, "get role,rolebinding -n hawser-peers -o yaml"),
                this::peer));
    }

    private Check check(String name, String what, String next, Callable<String> body) {
        return new Check(name + "[" + cluster.id() + "]", what, "API server of " + cluster.id(), next, body);
    }

    private String proxy() {
        Path proxy = kubeconfig("proxy", demo.token(cluster, "hawser", "api-server-proxy"));
        for (String namespace : NAMESPACES) {
            unlessEqual(everybodys(namespace), rights(proxy, namespace), "what the proxy may in " + namespace);
        }
        unlessEqual(List.of(), bindings("hawser", "api-server-proxy"), "bindings that name the proxy");
        unless(tokens().isEmpty(), "the pod of the proxy has volumes with a ServiceAccount's token: " + tokens());
        return "as much as an identity without any right, no binding names it, no token is mounted";
    }

    private List<String> tokens() {
        return demo.hawserPod(cluster, "hawser", "api-server-proxy").getSpec().getVolumes().stream()
                .filter(volume -> volume.getProjected() != null)
                .map(Volume::getName)
                .toList();
    }

    private String peer() {
        Path token = kubeconfig("peer", heldByThePeer());
        for (String namespace : NAMESPACES) {
            Set<String> more = new TreeSet<>(rights(token, namespace));
            more.removeAll(everybodys(namespace));
            unlessEqual(expected(namespace), more, "what the peer's token may beyond everybody in " + namespace);
        }
        unlessEqual(
                List.of("RoleBinding/" + peer),
                bindings("hawser-peers", peer),
                "bindings that name ServiceAccount hawser-peers/" + peer);
        answers(true, token, "get", "advertisements", peer, "-n", "hawser-peers");
        answers(false, token, "get", "advertisements", "-n", "hawser-peers");
        answers(true, token, "create", "token", peer, "-n", "hawser-peers");
        return "get, list and watch Advertisement " + peer + ", create a token for itself";
    }

    private Set<String> expected(String namespace) {
        String name = "[" + peer + "]";
        return namespace.equals("hawser-peers")
                ? new TreeSet<>(Set.of(
                        "advertisements.networking.hawser.dev [] " + name + " [get list watch]",
                        "serviceaccounts/token [] " + name + " [create]"))
                : Set.of();
    }

    /** The very token that the peer's controller uses. */
    private String heldByThePeer() {
        Secret secret = demo.get(demo.peerOf(cluster), Secret.class, "hawser", "peer-" + cluster.id() + "-credential");
        byte[] token = Base64.getDecoder().decode(secret.getData().getOrDefault("token", ""));
        return new String(token, StandardCharsets.US_ASCII);
    }

    private void answers(boolean allowed, Path kubeconfig, String... arguments) {
        Output answer = demo.kubectl(demo.operator(), kubeconfig, arguments);
        String command = "`kubectl " + String.join(" ", arguments) + "`";
        unless(
                answer.succeeded() == allowed,
                command + (allowed ? " is refused: " + answer.stderr().strip() : " is allowed"));
    }

    /** The bindings of the whole cluster that name a ServiceAccount, or all ServiceAccounts of its namespace. */
    private List<String> bindings(String namespace, String account) {
        KubernetesClient client = demo.client(cluster);
        Predicate<List<Subject>> named = subjects -> Stream.ofNullable(subjects)
                .flatMap(List::stream)
                .anyMatch(subject -> subject.getName().equals("system:serviceaccounts:" + namespace)
                        || (subject.getName().equals(account) && namespace.equals(subject.getNamespace())));
        Stream<HasMetadata> inNamespaces = client.rbac().roleBindings().inAnyNamespace().list().getItems().stream()
                .filter(binding -> named.test(binding.getSubjects()))
                .map(HasMetadata.class::cast);
        Stream<HasMetadata> everywhere = client.rbac().clusterRoleBindings().list().getItems().stream()
                .filter(binding -> named.test(binding.getSubjects()))
                .map(HasMetadata.class::cast);
        return Stream.concat(inNamespaces, everywhere)
                .map(binding -> binding.getKind() + "/" + binding.getMetadata().getName())
                .toList();
    }

    /** What somebody may whom nobody gave anything. */
    private Set<String> everybodys(String namespace) {
        return everybodys.computeIfAbsent(
                namespace, name -> rights(kubeconfig("nobody", demo.token(cluster, "demo", "stranger")), name));
    }

    /** The rows of {@code auth can-i --list}: resources, URLs, names, verbs. */
    private Set<String> rights(Path kubeconfig, String namespace) {
        Output answer = demo.kubectl(demo.operator(), kubeconfig, "auth", "can-i", "--list", "-n", namespace);
        unless(
                answer.succeeded(),
                "`kubectl auth can-i --list`: " + answer.stderr().strip());
        return answer.stdout()
                .lines()
                .skip(1)
                .map(line -> line.strip().replaceAll(" {2,}", " "))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Path kubeconfig(String name, String token) {
        return new KubeconfigFile()
                .add(
                        cluster.id(),
                        cluster.server(),
                        cluster.certificateAuthority(),
                        null,
                        new AuthInfoBuilder().withToken(token).build())
                .write(demo.scratch(name + "-" + cluster.id() + ".yaml"));
    }
}
