// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.lab.kubernetes.ControlPlane;
import dev.hawser.lab.kubernetes.ControlPlaneSpec;
import dev.hawser.lab.kubernetes.Kubectl;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.kubernetes.Manifests;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.JavaProgram;
import dev.hawser.tunnel.app.GatewayMain;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/**
 * Two gateways as they are shipped, each a process with an API server of its own, between two clusters with identical
 * ranges: every packet is remapped. What the controllers would agree on is written by hand.
 */
final class HawserVariant {
    static final String NAME = "hawser";

    private static final String PODS = "10.200";
    private static final String EXTERNAL_CIDR = "10.70.0.0/16";
    // How each cluster knows the other's pods and externals.
    private static final String PEER_PODS = "10.71";
    private static final String PEER_EXTERNAL_CIDR = "10.81.0.0/16";
    private static final String PORT = ":51820";
    private static final String TIMEOUT = "--timeout=30s";
    private static final String CIPHER = "cipher implementation: ";

    /** One cluster, as far as a gateway sees it. */
    private record Cluster(String id, Host node, String endpoint, ControlPlane controlPlane) {
        Kubectl kubectl() {
            return controlPlane.kubectl();
        }
    }

    private HawserVariant() {}

    static Variant start(NetworkLab lab, KubernetesBinaries binaries) {
        NodePair nodes = NodePair.build(lab, NAME, PODS, PODS);
        var started = CompletableFuture.supplyAsync(
                () -> cluster("right", nodes.right().host(), NodePair.RIGHT_ADDRESS + PORT, binaries));
        Cluster left = cluster("left", nodes.left().host(), NodePair.LEFT_ADDRESS + PORT, binaries);
        Cluster right = started.join();
        List<ChildProcess> gateways = List.of(gateway(lab, left), gateway(lab, right));
        String leftKey = publicKey(left);
        String rightKey = publicKey(right);
        peer(left, right, rightKey);
        peer(right, left, leftKey);
        for (Cluster cluster : List.of(left, right)) {
            cluster.kubectl().run("wait", "-n", "hawser", "--for=condition=Connected", "connection", "--all", TIMEOUT);
        }
        return new Variant(NAME, nodes.left().pod(), nodes.right().pod(), PEER_PODS + ".1.5", gateways);
    }

    /** The AEAD that a gateway chose by itself. */
    static String cipher(Variant variant) {
        try (Stream<String> lines = Files.lines(variant.gateways().getFirst().log())) {
            return lines.filter(line -> line.contains(CIPHER))
                    .map(line -> line.substring(line.indexOf(CIPHER) + CIPHER.length())
                            .strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException("the gateway's log cannot be read", e);
        }
    }

    private static Cluster cluster(String id, Host node, String endpoint, KubernetesBinaries binaries) {
        ControlPlane controlPlane = ControlPlane.start(node, new ControlPlaneSpec("10.95.0.0/16", List.of()), binaries);
        Kubectl kubectl = controlPlane.kubectl();
        kubectl.apply(new Manifests("/dev/hawser/manifests/crds").all());
        kubectl.run("wait", "--for=condition=Established", "crd", "--all", TIMEOUT);
        kubectl.apply("""
                {apiVersion: v1, kind: Namespace, metadata: {name: hawser}}
                ---
                {apiVersion: v1, kind: Namespace, metadata: {name: hawser-node}}
                ---
                {apiVersion: v1, kind: Secret, metadata: {name: gateway-keys, namespace: hawser-node}}
                ---
                apiVersion: networking.hawser.dev/v1alpha1
                kind: ClusterGateway
                metadata: {name: this, namespace: hawser}
                spec:
                  clusterID: %s
                  podCIDRs: [%s.0.0/16]
                  serviceCIDRs: [10.95.0.0/16]
                  externalCIDRs: [%s]
                  endpoints: ["%s"]
                """.formatted(id, PODS, EXTERNAL_CIDR, endpoint));
        return new Cluster(id, node, endpoint, controlPlane);
    }

    /**
     * With the default of every setting, and the JVM as it is in the gateway's container of 384 MiB: the heap begins with
     * the least and ends at the half of that. Only the class cache of the image is missing. Rights do not change the speed.
     */
    private static ChildProcess gateway(NetworkLab lab, Cluster cluster) {
        Path kubeconfig = lab.directory().resolve(cluster.id() + ".kubeconfig");
        ControlPlane controlPlane = cluster.controlPlane();
        try {
            Files.writeString(
                    kubeconfig,
                    controlPlane.adminKubeconfig(controlPlane.hostServer()).yaml());
        } catch (IOException e) {
            throw new UncheckedIOException("no file for a kubeconfig in " + lab.directory(), e);
        }
        return cluster.node()
                .start(
                        "gateway",
                        JavaProgram.of(GatewayMain.class.getName())
                                .flags("-XX:+UseSerialGC", "-Xms8m", "-Xmx192m", "-XX:-UsePerfData")
                                .command()
                                .with("KUBECONFIG", kubeconfig.toString())
                                .with("HAWSER_POD_NAME", "gateway-0"));
    }

    private static String publicKey(Cluster cluster) {
        String path = "jsonpath={.status.publicKeys[*]}";
        cluster.kubectl().run("wait", "-n", "hawser", "clustergateway/this", "--for=" + path, TIMEOUT);
        return cluster.kubectl()
                .run("get", "-n", "hawser", "clustergateway/this", "-o", path)
                .strip();
    }

    private static void peer(Cluster cluster, Cluster peer, String peerKey) {
        cluster.kubectl().apply("""
                apiVersion: networking.hawser.dev/v1alpha1
                kind: Configuration
                metadata: {name: %1$s, namespace: hawser}
                spec:
                  local: {podCIDRs: [%2$s.0.0/16], externalCIDRs: [%3$s]}
                  remote: {clusterID: %1$s, podCIDRs: [%2$s.0.0/16], externalCIDRs: [%3$s]}
                ---
                apiVersion: networking.hawser.dev/v1alpha1
                kind: Connection
                metadata: {name: %1$s, namespace: hawser}
                spec: {clusterID: %1$s, publicKeys: ["%4$s"], endpoints: ["%5$s"], persistentKeepalive: 25}
                """.formatted(peer.id(), PODS, EXTERNAL_CIDR, peerKey, peer.endpoint()));
        cluster.kubectl()
                .run(
                        "patch",
                        "-n",
                        "hawser",
                        "configuration/" + peer.id(),
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        """
                        {"status": {
                          "remote": {
                            "podCIDRs": [{"cidr": "%1$s.0.0/16", "remapped": "%2$s.0.0/16"}],
                            "externalCIDRs": [{"cidr": "%3$s", "remapped": "%4$s"}]},
                          "remappedPodCIDRs": ["%2$s.0.0/16"],
                          "remappedExternalCIDRs": ["%4$s"],
                          "observedGeneration": 1}}
                        """.formatted(PODS, PEER_PODS, EXTERNAL_CIDR, PEER_EXTERNAL_CIDR));
    }
}
