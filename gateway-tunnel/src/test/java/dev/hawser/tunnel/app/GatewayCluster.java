// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPSpec;
import dev.hawser.api.ipam.IPStatus;
import dev.hawser.api.ipam.PortRule;
import dev.hawser.api.ipam.Protocol;
import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.ClusterGatewaySpec;
import dev.hawser.api.networking.ClusterGatewayStatus;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.ConfigurationSpec;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionSpec;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.LocalRanges;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.api.networking.RemoteRanges;
import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.kubernetes.ControlPlaneSpec;
import dev.hawser.lab.kubernetes.Kubectl;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.kubernetes.Manifests;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.JavaProgram;
import dev.hawser.lab.process.Output;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One side of the acceptance case: a node with a real API server, a pod, and the gateway as a process of its own with the
 * rights of its ServiceAccount and of its container. What the controller would write is written by hand.
 */
final class GatewayCluster {
    static final String POD_CIDR = "10.200.0.0/16";
    static final String EXTERNAL_CIDR = "10.70.0.0/16";
    static final String EXPOSED = "10.95.200.5";
    static final int EXPOSED_PORT = 8118;
    static final String POD_CIDR_IPV6 = "fd00:10:200::/56";
    static final String EXTERNAL_CIDR_IPV6 = "fd00:10:70::/112";
    static final String EXPOSED_IPV6 = "fd00:10:95::5";
    /** Beside the cluster: a device that answers its own network only. */
    static final String PRINTER = "192.0.2.9";

    static final String PRINTER_IPV6 = "2001:db8:2::9";

    private static final Manifests CRDS = new Manifests("/dev/hawser/manifests/crds");
    /** As much of the installation as a gateway needs: its exposures and its ClusterGateway the test makes by itself. */
    private static final String INSTALLED = new Manifests("/dev/hawser/manifests/kustomize/default")
            .files(
                    "namespaces.yaml",
                    "service-accounts.yaml",
                    "rbac-gateway.yaml",
                    "gateway-keys.yaml",
                    "gateway-lease.yaml");

    /** What a CNI bridge does to pods that leave; the gateway's own rules have to win against it. */
    private static final String CNI = """
            table ip cni {
                chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    ip saddr 10.200.0.0/16 ip daddr != 10.200.0.0/16 oifname != "cni0" masquerade
                }
            }
            table ip6 cni {
                chain postrouting {
                    type nat hook postrouting priority srcnat; policy accept;
                    ip6 saddr fd00:10:200::/56 ip6 daddr != fd00:10:200::/56 oifname != "cni0" masquerade
                }
            }
            """;

    /** What a container leaves the gateway: NET_ADMIN and no other capability, and neither files nor sysctls to write. */
    private static final List<String> CONFINED =
            List.of("unshare", "--mount", "--propagation", "private", "sh", "-ec", """
            mount --bind /proc/sys /proc/sys
            mount -o remount,bind,ro /proc/sys
            mkdir -p /run/wireguard
            mount -t tmpfs wireguard /run/wireguard
            mount --bind "$0" "$0"
            mount -o remount,bind,ro /
            exec setpriv --no-new-privs --bounding-set=-all,+net_admin --inh-caps=-all "$@"
            """);

    final Host node;
    final Host pod;
    private final String id;
    private final Path kubeconfig;
    private final ControlPlane controlPlane;
    private final Path volume;

    private GatewayCluster(String id, Host node, Host pod, ControlPlane controlPlane, Path kubeconfig, Path volume) {
        this.id = id;
        this.node = node;
        this.pod = pod;
        this.controlPlane = controlPlane;
        this.kubeconfig = kubeconfig;
        this.volume = volume;
    }

    static GatewayCluster start(NetworkLab lab, String id, KubernetesBinaries binaries, Host node) {
        Host pod = lab.host(id + "-pod");
        // Without a link-local address, which nobody has before he looked for others, nobody asks for a neighbour.
        Stream.of(node, pod).forEach(host -> host.sysctl("net/ipv6/conf/default/accept_dad", "0"));
        node.bridge("cni0", "10.200.0.1/16");
        node.address("cni0", "fd00:10:200::1/56");
        lab.link(node, "pod1", pod, "eth0");
        node.plug("pod1", "cni0");
        pod.address("eth0", "10.200.1.5/16");
        pod.route("default", "10.200.0.1");
        pod.address("eth0", "fd00:10:200::1:5/56");
        pod.route("default", "fd00:10:200::1");
        node.forward(true);
        node.address("lo", EXPOSED + "/32");
        node.address("lo", EXPOSED_IPV6 + "/128");
        node.nft(CNI);
        ControlPlane controlPlane = ControlPlane.start(node, new ControlPlaneSpec("10.95.0.0/16", List.of()), binaries);
        Kubectl kubectl = controlPlane.kubectl();
        kubectl.apply(CRDS.all());
        kubectl.apply(INSTALLED);
        Path kubeconfig = lab.directory().resolve(id + ".kubeconfig");
        Path volume = folder(lab.directory().resolve(id + "-volume"));
        GatewayCluster cluster = new GatewayCluster(id, node, pod, controlPlane, kubeconfig, volume);
        write(
                kubeconfig,
                controlPlane
                        .tokenKubeconfig(controlPlane.hostServer(), controlPlane.token("hawser-node", "gateway"))
                        .yaml());
        kubectl.run("wait", "--for=condition=Established", "crd", "--all", "--timeout=20s");
        return cluster;
    }

    private static Path folder(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write(Path file, String text) {
        try {
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String id() {
        return id;
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    ChildProcess startGateway() {
        return node.start(
                "gateway",
                JavaProgram.of("dev.hawser.tunnel.app.GatewayMain")
                        .flags("-Xmx96m", "-Xss256k", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
                        .command()
                        .prefixedBy(confined())
                        .with("HAWSER_CHECKPOINT", volume.resolve("checkpoint").toString())
                        .with("KUBECONFIG", kubeconfig.toString())
                        .with("HAWSER_LOG_LEVEL", "debug")
                        .with("HAWSER_POD_NAME", "gateway-0"));
    }

    /** The volume is the one place where it may write, and outlives it. */
    private List<String> confined() {
        return Stream.concat(CONFINED.stream(), Stream.of(volume.toString())).toList();
    }

    void createGatewayAndExposure(String... endpoints) {
        ClusterGateway gateway = new ClusterGateway();
        gateway.setMetadata(meta("this"));
        gateway.setSpec(new ClusterGatewaySpec(
                id,
                List.of(POD_CIDR, POD_CIDR_IPV6),
                List.of("10.95.0.0/16"),
                List.of(EXTERNAL_CIDR, EXTERNAL_CIDR_IPV6),
                null,
                List.of(),
                List.of(endpoints),
                null,
                null,
                null,
                Map.of(),
                List.of()));
        client().resource(gateway).create();
        expose(
                "api-server-proxy",
                new IPSpec(null, EXPOSED, null, List.of(new PortRule(Protocol.TCP, EXPOSED_PORT)), List.of("*"), null),
                List.of(EXPOSED, EXPOSED_IPV6),
                List.of("10.70.0.3", "fd00:10:70::3"));
        expose(
                "printer",
                new IPSpec(null, PRINTER, null, List.of(), List.of("*"), true),
                List.of(PRINTER, PRINTER_IPV6),
                List.of("10.70.0.4", "fd00:10:70::4"));
    }

    private void expose(String name, IPSpec spec, List<String> ips, List<String> externalIPs) {
        IP exposure = new IP();
        exposure.setMetadata(meta(name));
        exposure.setSpec(spec);
        IP created = client().resource(exposure).create();
        created.setStatus(new IPStatus(
                ips.getFirst(), ips, externalIPs.getFirst(), externalIPs, Map.of(), List.of(), List.of(), 1L));
        client().resource(created).updateStatus();
    }

    /** The same names in IPv6: what is 10.71.0.0/16 there is fd00:10:71::/56 here. */
    private static String ipv6(String cidr, int length) {
        return "fd00:10:" + cidr.split("\\.", 3)[1] + "::/" + length;
    }

    /** Writes the peer's Configuration, with the names that the controller would have granted, and its Connection. */
    void peerWith(String peer, String key, List<String> endpoints, String remappedPods, String remappedExternal) {
        Configuration configuration = new Configuration();
        configuration.setMetadata(meta(peer));
        configuration.setSpec(new ConfigurationSpec(
                new LocalRanges(List.of(POD_CIDR, POD_CIDR_IPV6), List.of(EXTERNAL_CIDR, EXTERNAL_CIDR_IPV6)),
                new RemoteRanges(peer, List.of(POD_CIDR, POD_CIDR_IPV6), List.of(EXTERNAL_CIDR, EXTERNAL_CIDR_IPV6))));
        Configuration created = client().resource(configuration).create();
        created.setStatus(new ConfigurationStatus(
                new RemappedRanges(
                        List.of(
                                new RemappedRange(POD_CIDR, remappedPods),
                                new RemappedRange(POD_CIDR_IPV6, ipv6(remappedPods, 56))),
                        List.of(
                                new RemappedRange(EXTERNAL_CIDR, remappedExternal),
                                new RemappedRange(EXTERNAL_CIDR_IPV6, ipv6(remappedExternal, 112)))),
                List.of(),
                List.of(remappedPods),
                List.of(remappedExternal),
                List.of(),
                1L));
        client().resource(created).updateStatus();
        connect(peer, key, endpoints);
    }

    void connect(String peer, String key, List<String> endpoints) {
        Connection connection = new Connection();
        connection.setMetadata(meta(peer));
        connection.setSpec(new ConnectionSpec(peer, List.of(key), endpoints, null, endpoints.isEmpty() ? null : 25));
        client().resource(connection).create();
    }

    void disconnect(String peer) {
        client().resources(Connection.class)
                .inNamespace("hawser")
                .withName(peer)
                .delete();
        client().resources(Configuration.class)
                .inNamespace("hawser")
                .withName(peer)
                .delete();
    }

    /** Changes the spec of the ClusterGateway. */
    void configure(String spec) {
        controlPlane
                .kubectl()
                .run("patch", "cgw", "this", "-n", "hawser", "--type=merge", "-p", "{\"spec\":" + spec + "}");
    }

    /** What the controller writes when every peer applies these keys. */
    void acknowledge(List<String> keys) {
        String status = "{\"status\":{\"acknowledged\":{\"publicKeys\":" + json(keys) + ",\"endpoints\":[]}}}";
        controlPlane
                .kubectl()
                .run("patch", "cgw", "this", "-n", "hawser", "--subresource=status", "--type=merge", "-p", status);
    }

    /** Lists other values in a Connection's spec, and waits until the data path applies them. */
    void learn(String peer, String field, List<String> values) {
        String spec = "{\"spec\":{\"" + field + "\":" + json(values) + "}}";
        controlPlane.kubectl().run("patch", "conn", peer, "-n", "hawser", "--type=merge", "-p", spec);
        controlPlane
                .kubectl()
                .run(
                        "wait",
                        "conn/" + peer,
                        "-n",
                        "hawser",
                        "--for=jsonpath={.status.observedGeneration}="
                                + connection(peer).getMetadata().getGeneration(),
                        "--timeout=5s");
    }

    /** Writes the secret shared with a peer as a person would, and asks for it in the Connection. */
    void sharesSecretWith(String peer, String key) {
        String data = "{\"stringData\":{\"psk." + peer + "\":\"" + key + "\"}}";
        controlPlane.kubectl().run("patch", "secret", "gateway-keys", "-n", "hawser-node", "--type=merge", "-p", data);
        controlPlane
                .kubectl()
                .run("patch", "conn", peer, "-n", "hawser", "--type=merge", "-p", "{\"spec\":{\"presharedKey\":true}}");
    }

    /** What {@code wg} says of the gateway, in the file system that the gateway sees. */
    Output wg(ChildProcess gateway, String... arguments) {
        List<String> command = new ArrayList<>(List.of("nsenter", "--mount=/proc/" + gateway.pid() + "/ns/mnt", "wg"));
        command.addAll(List.of(arguments));
        return node.run(Command.of(command));
    }

    private static String json(List<String> values) {
        return values.stream().collect(Collectors.joining("\",\"", "[\"", "\"]"));
    }

    Optional<String> publicKey() {
        return publicKeys().stream().findFirst();
    }

    List<String> publicKeys() {
        return Optional.ofNullable(gateway().getStatus())
                .map(ClusterGatewayStatus::publicKeys)
                .orElse(List.of());
    }

    ClusterGateway gateway() {
        return client().resources(ClusterGateway.class)
                .inNamespace("hawser")
                .withName("this")
                .require();
    }

    Optional<ConnectionStatus> status(String peer) {
        return Optional.ofNullable(connection(peer).getStatus());
    }

    private Connection connection(String peer) {
        return client().resources(Connection.class)
                .inNamespace("hawser")
                .withName(peer)
                .require();
    }

    Optional<ConnectionPhase> phase(String peer) {
        return status(peer).map(ConnectionStatus::phase);
    }

    /** Everything on the node that a gateway may change. */
    String nodeState() {
        return node.run("nft", "list", "ruleset").stdout()
                + node.run("ip", "route", "show", "table", "all").stdout()
                + node.run("ip", "-6", "route", "show", "table", "main").stdout()
                + node.run("ip", "-o", "link", "show").stdout().replaceAll("(?m)^\\d+: ", "");
    }

    private KubernetesClient client() {
        return controlPlane.client();
    }

    private static ObjectMeta meta(String name) {
        return new ObjectMetaBuilder().withNamespace("hawser").withName(name).build();
    }
}
