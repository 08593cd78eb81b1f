// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.Command;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.session.StaticKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Speaks with Debian's wireguard-go, configured by {@code wg}: a stock peer without any remap. */
@RequiresLab
class WireGuardGoIT {
    private static final long BYTES = 100_000_000;
    private static final Duration SOON = Duration.ofSeconds(45);
    private static final Cidr OURS = Cidr.parse("10.93.1.0/24");
    private static final Cidr THEIRS = Cidr.parse("10.93.2.0/24");

    private static final AtomicInteger RUNS = new AtomicInteger();

    private final PrivateKey theirKey = PrivateKey.generate(new SecureRandom());

    /** UAPI sockets lie in the file system, which namespaces do not part. */
    private final String theirDevice =
            "wgo" + RUNS.incrementAndGet() + "-" + ProcessHandle.current().pid();

    private NetworkLab lab;
    private LabGateway ours;
    private Host theirs;

    @BeforeEach
    void open() {
        require("wireguard-go");
        require("wg");
        lab = NetworkLab.open("interop");
        Host host = lab.host("hawser");
        theirs = lab.host("stock");
        lab.link(host, "eth0", theirs, "eth0");
        host.address("eth0", "192.0.2.1/24");
        theirs.address("eth0", "192.0.2.2/24");
        ours = new LabGateway(host);
    }

    @AfterEach
    void close() throws IOException {
        if (lab != null) {
            ours.close();
            lab.close();
            Files.deleteIfExists(socket());
        }
    }

    @Test
    void exchangesAHundredMegabytesAsInitiator() throws Exception {
        startStock();
        startOurs(List.of(UdpEndpoint.of(IpAddress.parse("192.0.2.2"), LabGateway.PORT)));

        LabGateway.await(() -> ours.peer("stock").sinceHandshake().isPresent(), SOON, () -> "no handshake");

        exchange();
    }

    @Test
    void exchangesAHundredMegabytesAsResponder() throws Exception {
        startOurs(List.of());
        startStock("endpoint", "192.0.2.1:" + LabGateway.PORT, "persistent-keepalive", "1");

        LabGateway.await(() -> ours.peer("stock").sinceHandshake().isPresent(), SOON, () -> "no handshake");

        exchange();
    }

    private void exchange() throws Exception {
        TcpTransfer toThem = TcpTransfer.run(ours.host(), "10.93.1.1", theirs, "10.93.2.1", BYTES);
        TcpTransfer toUs = TcpTransfer.run(theirs, "10.93.2.1", ours.host(), "10.93.1.1", BYTES);

        assertThat(toThem.received()).isEqualTo(toThem.sent());
        assertThat(toUs.received()).isEqualTo(toUs.sent());
        assertThat(ours.peer("stock").traffic().txBytes()).isGreaterThan(BYTES);
        assertThat(ours.peer("stock").traffic().rxBytes()).isGreaterThan(BYTES);
        System.out.printf("to wireguard-go %.2f Gbit/s, from it %.2f Gbit/s%n", toThem.gigabits(), toUs.gigabits());
    }

    private void startOurs(List<UdpEndpoint> endpoints) throws Exception {
        PeerConfig peer = new PeerConfig(
                "stock",
                List.of(theirKey.publicKey()),
                endpoints,
                Optional.empty(),
                0,
                List.of(new Remap(THEIRS, THEIRS)),
                List.of());
        ours.start(new TunnelConfig(
                StaticKeys.only(ours.key()),
                List.of(LabGateway.PORT),
                new LocalSide(List.of(OURS), List.of(), List.of()),
                List.of(peer)));
        ours.host().address(LabGateway.DEVICE, "10.93.1.1/32");
        ours.host().run("ip", "route", "add", THEIRS.toString(), "dev", LabGateway.DEVICE);
    }

    private void startStock(String... ofPeer) throws Exception {
        theirs.start(Command.of("wireguard-go", "-f", theirDevice));
        LabGateway.await(() -> Files.exists(socket()), SOON, () -> "no wg");
        Path key = Files.writeString(lab.directory().resolve("key"), theirKey.toBase64());
        String port = String.valueOf(LabGateway.PORT);
        theirs.run("wg", "set", theirDevice, "listen-port", port, "private-key", key.toString());
        List<String> peer = new ArrayList<>(List.of("wg", "set", theirDevice, "peer"));
        peer.addAll(List.of(ours.key().publicKey().toBase64(), "allowed-ips", OURS.toString()));
        peer.addAll(List.of(ofPeer));
        theirs.run(Command.of(peer)).orThrow();
        theirs.address(theirDevice, "10.93.2.1/24");
        theirs.run("ip", "link", "set", theirDevice, "mtu", "1420", "up");
        theirs.run("ip", "route", "add", OURS.toString(), "dev", theirDevice);
    }

    private Path socket() {
        return Path.of("/var/run/wireguard", theirDevice + ".sock");
    }

    private static void require(String program) {
        boolean there = List.of(System.getenv("PATH").split(":")).stream()
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (there) {
            return;
        }
        String reason = program + " is not installed: apt-get install wireguard-go wireguard-tools";
        if ("1".equals(System.getenv("HAWSER_REQUIRE_ALL"))) {
            throw new IllegalStateException(reason);
        }
        System.err.println("SKIPPED: " + reason);
        abort(reason);
    }
}
