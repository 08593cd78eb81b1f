// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import static org.junit.jupiter.api.Assumptions.abort;

import dev.hawser.lab.net.Host;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A wireguard-go on a host of a laboratory, configured and questioned by {@code wg}. */
final class StockPeer implements AutoCloseable {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final AtomicInteger RUNS = new AtomicInteger();

    final PrivateKey key = PrivateKey.generate(new SecureRandom());

    private final Host host;
    private final ChildProcess process;

    /** UAPI sockets lie in the file system, which network namespaces do not part. */
    private final String device =
            "wgm" + RUNS.incrementAndGet() + "-" + ProcessHandle.current().pid() % 1_000_000;

    StockPeer(Host host, Path program) throws IOException {
        this.host = host;
        process = host.start(device, Command.of(program.toString(), "-f", device));
        LabGateway.await(() -> Files.exists(socket()), SOON, () -> "no socket of " + program);
        Path file = Files.writeString(host.directory().resolve(device + ".key"), key.toBase64());
        wg("set", device, "listen-port", String.valueOf(LabGateway.PORT), "private-key", file.toString());
        host.run("ip", "link", "set", device, "mtu", "1420", "up");
    }

    /** The interface. */
    String device() {
        return device;
    }

    void peer(PrivateKey other, Optional<PresharedKey> secret, List<String> allowed, String... more)
            throws IOException {
        List<String> set = new ArrayList<>(List.of("set", device, "peer"));
        set.addAll(List.of(other.publicKey().toBase64(), "allowed-ips", String.join(",", allowed)));
        if (secret.isPresent()) {
            Path file = Files.writeString(
                    host.directory().resolve(device + ".psk"), secret.get().toBase64());
            set.addAll(List.of("preshared-key", file.toString()));
        }
        set.addAll(List.of(more));
        wg(set.toArray(String[]::new));
    }

    void listen(int port) {
        wg("set", device, "listen-port", String.valueOf(port));
    }

    WgDump show() {
        return WgDump.of(host, device);
    }

    private void wg(String... arguments) {
        List<String> command = new ArrayList<>(List.of("wg"));
        command.addAll(List.of(arguments));
        host.run(Command.of(command)).orThrow();
    }

    private Path socket() {
        return Path.of("/var/run/wireguard", device + ".sock");
    }

    @Override
    public void close() throws IOException {
        process.kill();
        Files.deleteIfExists(socket());
    }

    /** Debian's. */
    static Path debian() {
        return installed("wireguard-go");
    }

    /** The newest, built from its Go module once per version. */
    static Path newest() throws Exception {
        Process build = new ProcessBuilder("../benchmarks/wireguard-go/build.sh")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String path = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        if (!build.waitFor(5, TimeUnit.MINUTES) || build.exitValue() != 0) {
            return missing("the newest wireguard-go could not be built, see benchmarks/wireguard-go/build.sh");
        }
        return Path.of(path);
    }

    static Path installed(String program) {
        return List.of(System.getenv("PATH").split(":")).stream()
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseGet(() -> missing(program + " is not installed: apt-get install wireguard-go wireguard-tools"));
    }

    private static Path missing(String reason) {
        if ("1".equals(System.getenv("HAWSER_REQUIRE_ALL"))) {
            throw new IllegalStateException(reason);
        }
        System.err.println("SKIPPED: " + reason);
        return abort(reason);
    }
}
