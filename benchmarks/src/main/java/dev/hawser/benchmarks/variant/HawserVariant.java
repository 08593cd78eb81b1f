// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.lab.kubernetes.Kubectl;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Two gateways as they are shipped, between two clusters. What the controllers would agree on is written by hand.
 *
 * <p>Two steps, so that many can start beside each other: {@link #start} and {@link #join}.
 */
final class HawserVariant {
    private static final String LEFT = "left";
    private static final String RIGHT = "right";
    private static final String PORT = ":51820";
    private static final String POD = ".1.5";
    private static final String CIPHER = "cipher implementation: ";
    // One may not be there at all, such as a provider whose library is missing; it says so within moments.
    private static final Duration REFUSAL = Duration.ofSeconds(20);
    /** With the one that is there, a hundred. */
    private static final int ABSENT = 99;

    private static final int SOME_KEY = 0x6861_7773;
    private static final Duration POLL = Duration.ofMillis(100);
    /** After news: what comes of it is compiled and collected, which takes more time than the news. */
    private static final Duration REST = Duration.ofSeconds(3);

    private final HawserSpec spec;
    private final NodePair nodes;
    private final Kubectl kubectl;
    private final Side left;
    private final Side right;
    private boolean crowded;

    /**
     * A cluster as far as its gateway sees it.
     *
     * @param id of the cluster
     * @param namespace where its objects are; the gateway's own are in the same with "-node" behind it
     * @param plain first two numbers of its pods' second range, if they have one
     */
    private record Side(
            String id, String namespace, NodePair.Node node, Optional<String> plain, String endpoint, Gateway gateway) {
        private List<ClusterObjects.Named> pods() {
            List<ClusterObjects.Named> pods = new ArrayList<>();
            pods.add(new ClusterObjects.Named(cidr(HawserSpec.PODS), cidr(HawserSpec.PODS_ELSEWHERE)));
            plain.ifPresent(range -> pods.add(new ClusterObjects.Named(cidr(range), cidr(range))));
            return pods;
        }

        private String podCidrs() {
            return podCidrsOf(plain);
        }
    }

    private HawserVariant(HawserSpec spec, NodePair nodes, Kubectl kubectl, Side left, Side right) {
        this.spec = spec;
        this.nodes = nodes;
        this.kubectl = kubectl;
        this.left = left;
        this.right = right;
    }

    /** Starts both gateways; they know their own clusters only. */
    static HawserVariant start(
            NetworkLab lab, ApiServer apiServer, ShippedGateway program, HawserSpec spec, Optional<Path> maps) {
        NodePair nodes = NodePair.build(lab, spec.name(), HawserSpec.PODS, HawserSpec.PODS);
        if (spec.reference()) {
            nodes.alsoPlain(HawserSpec.PLAIN_LEFT, HawserSpec.PLAIN_RIGHT);
        }
        Side[] sides = new Side[2];
        for (int i = 0; i < sides.length; i++) {
            NodePair.Node node = i == 0 ? nodes.left() : nodes.right();
            Optional<String> plain = Optional.of(i == 0 ? HawserSpec.PLAIN_LEFT : HawserSpec.PLAIN_RIGHT)
                    .filter(range -> spec.reference());
            String id = i == 0 ? LEFT : RIGHT;
            String namespace = spec.name() + "-" + id;
            String endpoint = (i == 0 ? NodePair.LEFT_ADDRESS : NodePair.RIGHT_ADDRESS) + PORT;
            apiServer.attach(node.host());
            apiServer
                    .kubectl()
                    .apply(ClusterObjects.cluster(
                            id, namespace, podCidrsOf(plain), cidr(HawserSpec.EXTERNALS), endpoint));
            Command command = program.command(namespace, environment(spec, namespace), maps);
            Gateway gateway = new Gateway(() -> node.host().start("gateway", command), () -> program.empty(namespace));
            sides[i] = new Side(id, namespace, node, plain, endpoint, gateway);
        }
        return new HawserVariant(spec, nodes, apiServer.kubectl(), sides[0], sides[1]);
    }

    private static Map<String, String> environment(HawserSpec spec, String namespace) {
        return Map.of(
                "HAWSER_AEAD",
                spec.aead(),
                "HAWSER_NAMESPACE",
                namespace,
                "HAWSER_NODE_NAMESPACE",
                namespace + "-node",
                "HAWSER_POD_NAME",
                namespace,
                "HAWSER_HEALTH_ADDRESS",
                "127.0.0.1:9101");
    }

    /** Makes the clusters peers of each other and waits until they are connected; nothing if a gateway did not start. */
    Optional<Variant> join() {
        String leftKey = publicKey(left);
        String rightKey = publicKey(right);
        if (leftKey.isEmpty() || rightKey.isEmpty()) {
            return Optional.empty();
        }
        CompletableFuture<Void> other = CompletableFuture.runAsync(() -> introduce(left, right, rightKey));
        introduce(right, left, leftKey);
        other.join();
        for (Side side : List.of(left, right)) {
            String peer = "connection/" + (side.equals(left) ? RIGHT : LEFT);
            kubectl.run("wait", "-n", side.namespace(), "--for=condition=Connected", peer, ApiServer.TIMEOUT);
        }
        return Optional.of(variant(spec.name(), HawserSpec.PODS_ELSEWHERE + POD, false));
    }

    private Variant variant(String name, String serverAddress, boolean withMany) {
        return new Variant(
                name,
                nodes,
                serverAddress,
                List.of(left.gateway(), right.gateway()),
                Map.of("AEAD", cipher()),
                () -> crowd(withMany));
    }

    /** The way between the same pods and through the same gateways by addresses that are not remapped. */
    Variant plainWay(String name) {
        return variant(name, HawserSpec.PLAIN_RIGHT + POD, false);
    }

    /** The same way, while both gateways know peers that are not there. */
    Variant manyPeers(String name) {
        return variant(name, HawserSpec.PODS_ELSEWHERE + POD, true);
    }

    private void introduce(Side side, Side peer, String peerKey) {
        configure(
                side,
                List.of(new ClusterObjects.Peer(
                        peer.id(),
                        peerKey,
                        peer.endpoint(),
                        peer.pods(),
                        new ClusterObjects.Named(cidr(HawserSpec.EXTERNALS), cidr(HawserSpec.EXTERNALS_ELSEWHERE)))));
    }

    private void configure(Side side, List<ClusterObjects.Peer> peers) {
        kubectl.apply(specs(side, peers), "--server-side");
        String statuses =
                peers.stream().map(each -> each.status(side.namespace())).collect(Collectors.joining());
        kubectl.apply(statuses, "--server-side", "--subresource=status");
    }

    private static String specs(Side side, List<ClusterObjects.Peer> peers) {
        return peers.stream()
                .map(each -> each.specs(side.namespace(), side.podCidrs(), cidr(HawserSpec.EXTERNALS)))
                .collect(Collectors.joining());
    }

    /** Tells both gateways of the peers that are not there, or that these are gone, and waits until they have said so. */
    private void crowd(boolean wanted) {
        if (crowded == wanted) {
            return;
        }
        for (Side side : List.of(left, right)) {
            if (wanted) {
                configure(side, absent());
            } else {
                kubectl.delete(specs(side, absent()), "--wait=false");
            }
        }
        crowded = wanted;
        List.of(left, right).forEach(this::awaitPeers);
        left.gateway().process().awaitExit(REST);
    }

    private void awaitPeers(Side side) {
        int wanted = crowded ? ABSENT + 1 : 1;
        long deadline = System.nanoTime() + REFUSAL.toNanos();
        while (!status(side, "peers").equals(Integer.toString(wanted)) || phases(side) != wanted) {
            if (System.nanoTime() > deadline) {
                throw new BenchmarkException(side.gateway().process() + " knows " + status(side, "peers")
                        + " peers and reports " + phases(side) + ", not " + wanted);
            }
            side.gateway().process().awaitExit(POLL);
        }
    }

    /** Of how many peers a gateway has said how they are. */
    private int phases(Side side) {
        String phases = kubectl.run(
                        "get", "-n", side.namespace(), "connections", "-o", "jsonpath={.items[*].status.phase}")
                .strip();
        return phases.isEmpty() ? 0 : phases.split(" ", -1).length;
    }

    /** Peers that are configured, and down: all with the same ranges, and a key that nobody has. */
    private static List<ClusterObjects.Peer> absent() {
        List<ClusterObjects.Peer> absent = new ArrayList<>();
        for (int i = 1; i <= ABSENT; i++) {
            byte[] key = new byte[32];
            ByteBuffer.wrap(key).putInt(SOME_KEY).putInt(i);
            absent.add(new ClusterObjects.Peer(
                    "absent-" + i,
                    Base64.getEncoder().encodeToString(key),
                    "198.51.100.77" + PORT,
                    List.of(new ClusterObjects.Named(
                            "10.200.0.0/20", "100.%d.%d.0/20".formatted(64 + i / 16, i % 16 * 16))),
                    new ClusterObjects.Named("10.70.0.0/20", "100.%d.%d.0/20".formatted(96 + i / 16, i % 16 * 16))));
        }
        return absent;
    }

    private static String podCidrsOf(Optional<String> plain) {
        return cidr(HawserSpec.PODS) + plain.map(range -> "," + cidr(range)).orElse("");
    }

    private static String cidr(String firstNumbers) {
        return firstNumbers + ".0.0/16";
    }

    /** Why the gateways did not start, in their own words. */
    String refusal() {
        return Stream.of(left, right)
                .map(side -> side.gateway().process())
                .filter(process -> !process.alive())
                .map(process -> process.logTail(1))
                .findFirst()
                .orElse("no reason is known");
    }

    private String publicKey(Side side) {
        ChildProcess process = side.gateway().process();
        long deadline = System.nanoTime() + REFUSAL.toNanos();
        while (process.alive()) {
            String key = status(side, "publicKeys[*]");
            if (!key.isEmpty()) {
                return key;
            }
            if (System.nanoTime() > deadline) {
                throw new BenchmarkException(process + " publishes no key; it said: " + process.logTail(10));
            }
            process.awaitExit(POLL);
        }
        return "";
    }

    private String status(Side side, String field) {
        return kubectl.run(
                        "get", "-n", side.namespace(), "clustergateway/this", "-o", "jsonpath={.status." + field + "}")
                .strip();
    }

    /** The AEAD that a gateway chose by itself, or was told to take. */
    private String cipher() {
        try (Stream<String> lines = Files.lines(left.gateway().process().log())) {
            return lines.filter(line -> line.contains(CIPHER))
                    .map(line -> line.substring(line.indexOf(CIPHER) + CIPHER.length())
                            .strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            throw new UncheckedIOException("the gateway's log cannot be read", e);
        }
    }
}
