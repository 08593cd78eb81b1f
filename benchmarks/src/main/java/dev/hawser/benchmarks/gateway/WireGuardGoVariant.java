// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

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

/** wireguard-go on both nodes, set up by {@code wg}; it cannot remap, so the pods have different ranges. */
final class WireGuardGoVariant {
    static final String NAME = "wireguard-go";

    private static final int PORT = 51820;
    private static final Duration SOON = Duration.ofSeconds(10);
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
        End left = end(nodes.left().host(), "l");
        End right = end(nodes.right().host(), "r");
        connect(left, right, NodePair.RIGHT_ADDRESS, nodes.right().podCidr());
        connect(right, left, NodePair.LEFT_ADDRESS, nodes.left().podCidr());
        return new Variant(
                NAME,
                nodes.left().pod(),
                nodes.right().pod(),
                nodes.right().podAddress(),
                List.of(left.process(), right.process()));
    }

    private record End(Host host, String device, ChildProcess process, String publicKey) {}

    private End end(Host host, String side) {
        // The name also names a socket in the file system, which network namespaces do not part.
        String device = "wg" + side + ProcessHandle.current().pid();
        ChildProcess process = host.start(Command.of(program.toString(), "-f", device));
        String key = host.run("wg", "genkey").stdout();
        awaitSocket(device, process);
        host.run(Command.of(
                        "wg", "set", device, "listen-port", String.valueOf(PORT), "private-key", keyFile(device, key)))
                .orThrow();
        String publicKey = host.run(Command.of("wg", "pubkey").reading(key))
                .orThrow()
                .stdout()
                .strip();
        return new End(host, device, process, publicKey);
    }

    private String keyFile(String device, String key) {
        try {
            return Files.writeString(lab.directory().resolve(device + ".key"), key)
                    .toString();
        } catch (IOException e) {
            throw new UncheckedIOException("no file for a key in " + lab.directory(), e);
        }
    }

    private static void awaitSocket(String device, ChildProcess process) {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (!Files.exists(SOCKETS.resolve(device + ".sock"))) {
            if (process.awaitExit(Duration.ofMillis(20)) || System.nanoTime() > deadline) {
                throw new BenchmarkException(process + " made no device; it said: " + process.logTail(5));
            }
        }
    }

    private static void connect(End end, End peer, String peerAddress, String peerPods) {
        end.host()
                .run(
                        "wg",
                        "set",
                        end.device(),
                        "peer",
                        peer.publicKey(),
                        "endpoint",
                        peerAddress + ":" + PORT,
                        "allowed-ips",
                        peerPods);
        end.host().run("ip", "link", "set", end.device(), "mtu", "1420", "up");
        end.host().run("ip", "route", "add", peerPods, "dev", end.device());
    }
}
