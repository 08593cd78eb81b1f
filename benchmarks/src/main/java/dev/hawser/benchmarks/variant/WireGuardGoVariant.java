// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.variant;

import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** wireguard-go on both nodes, set up by {@code wg}; it cannot remap, so the pods have different ranges. */
final class WireGuardGoVariant {
    static final String NAME = "wireguard-go";

    private static final int PORT = 51820;
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(2);
    private static final Path SOCKETS = Path.of("/var/run/wireguard");

    private final NetworkLab lab;
    private final Path program;

    private WireGuardGoVariant(NetworkLab lab, Path program) {
        this.lab = lab;
        this.program = program;
    }

    static Variant start(NetworkLab lab, Path program) {
        return new WireGuardGoVariant(lab, program).start();
    }

    private Variant start() {
        NodePair nodes = NodePair.build(lab, NAME, "10.201", "10.202");
        End left = end(nodes.left(), "l", nodes.right(), NodePair.RIGHT_ADDRESS);
        End right = end(nodes.right(), "r", nodes.left(), NodePair.LEFT_ADDRESS);
        List<Gateway> gateways = List.of(new Gateway(() -> run(left, right)), new Gateway(() -> run(right, left)));
        awaitSession(nodes);
        return new Variant(NAME, nodes, nodes.right().podAddress(), gateways, Map.of());
    }

    /** A first initiation that is lost is repeated after five seconds only. */
    private static void awaitSession(NodePair nodes) {
        String target = nodes.right().podAddress();
        nodes.left()
                .pod()
                .run(Command.of("ping", "-q", "-c", "1", "-w", "20", target))
                .orThrow();
    }

    /**
     * One side.
     *
     * @param device also names a socket in the file system, which network namespaces do not part
     * @param key file with the private key
     */
    private record End(Host host, String device, String key, String publicKey, String peerAddress, String peerPods) {}

    private End end(NodePair.Node node, String side, NodePair.Node peer, String peerAddress) {
        Host host = node.host();
        String device = "wg" + side + ProcessHandle.current().pid();
        String key = host.run("wg", "genkey").stdout();
        String publicKey = host.run(Command.of("wg", "pubkey").reading(key))
                .orThrow()
                .stdout()
                .strip();
        return new End(host, device, keyFile(device, key), publicKey, peerAddress, peer.podCidr());
    }

    private String keyFile(String device, String key) {
        try {
            return Files.writeString(lab.directory().resolve(device + ".key"), key)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException("no file for a key in " + lab.directory(), e);
        }
    }

    private ChildProcess run(End end, End peer) {
        String device = end.device();
        ChildProcess process = end.host().start(Command.of(program.toString(), "-f", device));
        awaitSocket(device, process);
        end.host().run("wg", "set", device, "listen-port", String.valueOf(PORT), "private-key", end.key());
        end.host()
                .run(
                        "wg",
                        "set",
                        device,
                        "peer",
                        peer.publicKey(),
                        "endpoint",
                        end.peerAddress() + ":" + PORT,
                        "allowed-ips",
                        end.peerPods());
        end.host().run("ip", "link", "set", device, "mtu", "1420", "up");
        end.host().run("ip", "route", "add", end.peerPods(), "dev", device);
        return process;
    }

    private static void awaitSocket(String device, ChildProcess process) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!Files.exists(SOCKETS.resolve(device + ".sock"))) {
            if (process.awaitExit(POLL) || System.nanoTime() > deadline) {
                throw new BenchmarkException(process + " made no device; it said: " + process.logTail(5));
            }
        }
    }
}
