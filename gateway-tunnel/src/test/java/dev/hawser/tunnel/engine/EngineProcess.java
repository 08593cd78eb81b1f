// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.JavaProgram;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.crypto.provider.AeadProviders;
import dev.hawser.tunnel.crypto.provider.Curves;
import dev.hawser.tunnel.linux.KernelProbePort;
import dev.hawser.tunnel.linux.LinuxPacketDevice;
import dev.hawser.tunnel.linux.LinuxUdpPort;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.session.InitiationClock;
import dev.hawser.tunnel.session.StaticKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * An engine as a process of its own, so that its memory and CPU can be told from the test's. Its file has lines of words:
 *
 * <pre>
 *   key BASE64 | port NUMBER | pods CIDR | rekey SECONDS | queues NUMBER
 *   peer ID BASE64 ENDPOINT-OR-NONE TRUE-CIDR REMAPPED-CIDR
 * </pre>
 *
 * <p>Four times a second it says how many peers have had a handshake.
 */
final class EngineProcess {
    private static final String DEVICE = "hawser0";
    private static final int MTU = 1420;
    private static final SecureRandom RANDOM = new SecureRandom();
    /** The image's own files, seen from this module. */
    private static final Path IMAGE =
            Path.of("../manifests/image/src/main/resources/dev/hawser/image").toAbsolutePath();

    private PrivateKey key = PrivateKey.generate(RANDOM);
    private int port;
    private int queues = 1;
    private final List<Cidr> pods = new ArrayList<>();
    private final List<PeerConfig> peers = new ArrayList<>();
    private Duration rekey = Duration.ofDays(1);

    private EngineProcess() {}

    /**
     * The program under the flags that a gateway has in a cluster: heap and compilers behave otherwise under others, and with them
     * the memory of the process.
     *
     * @param configuration its file
     */
    static Command command(Path configuration) {
        return JavaProgram.of(EngineProcess.class.getName(), configuration.toString())
                .flags(
                        "@" + IMAGE.resolve("jvm.options"),
                        // Half of the container's limit, as there.
                        "-Xmx192m",
                        "-XX:CompileThresholdScaling=4",
                        "-XX:CompilerDirectivesFile=" + IMAGE.resolve("gateway.compiler"),
                        "-XX:CompileCommandFile=" + IMAGE.resolve("gateway.thresholds"))
                .command()
                .with("MALLOC_ARENA_MAX", "1");
    }

    public static void main(String[] arguments) throws IOException {
        EngineProcess process = new EngineProcess();
        Files.readAllLines(Path.of(arguments[0])).forEach(process::read);
        process.run();
    }

    private void read(String line) {
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case "key" -> key = PrivateKey.fromBase64(words[1]);
            case "port" -> port = Integer.parseInt(words[1]);
            case "queues" -> queues = Integer.parseInt(words[1]);
            case "pods" -> pods.add(Cidr.parse(words[1]));
            case "rekey" -> rekey = Duration.ofSeconds(Long.parseLong(words[1]));
            case "peer" -> peers.add(peer(words));
            default -> throw new IllegalArgumentException("what is " + words[0] + "?");
        }
    }

    private static PeerConfig peer(String[] words) {
        Optional<UdpEndpoint> endpoint = words[3].equals("none")
                ? Optional.empty()
                : Optional.of(UdpEndpoint.of(IpAddress.parse(words[3]), 51_820));
        return new PeerConfig(
                words[1],
                List.of(PublicKey.fromBase64(words[2])),
                endpoint.stream().toList(),
                Optional.empty(),
                0,
                List.of(new Remap(Cidr.parse(words[4]), Cidr.parse(words[5]))),
                List.of());
    }

    private void run() {
        TunnelEngine engine = TunnelEngine.start(
                new EngineParts(
                        LinuxPacketDevice.open(DEVICE, MTU, queues),
                        LinuxUdpPort::open,
                        KernelProbePort::open,
                        AeadProviders.choose(AeadProviders.AUTO).provider(),
                        Curves.choose(),
                        RANDOM,
                        System::nanoTime,
                        new InitiationClock(Instant.now(), System.nanoTime(), Optional.empty()),
                        failure -> Runtime.getRuntime().halt(1)),
                new TunnelConfig(
                        StaticKeys.only(key), List.of(port), new LocalSide(pods, List.of(), List.of()), peers));
        long rekeyedAt = System.nanoTime();
        while (true) {
            TunnelStatus status = engine.status();
            long done = status.peers().stream()
                    .filter(peer -> peer.sinceHandshake().isPresent())
                    .count();
            System.out.println("handshakes=" + done + " drops=" + status.handshakeDrops() + " " + status.drops());
            if (System.nanoTime() - rekeyedAt >= rekey.toNanos()) {
                rekeyedAt = System.nanoTime();
                status.peers().forEach(peer -> rekey(engine, peer));
            }
            LockSupport.parkNanos(250_000_000);
        }
    }

    private void rekey(TunnelEngine engine, PeerStatus status) {
        peers.stream()
                .filter(peer -> peer.id().equals(status.id()))
                .forEach(peer -> status.endpoint()
                        .ifPresent(at -> engine.move(peer.publicKeys().getFirst(), at)));
    }
}
