// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Output;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.provider.AeadProviders;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The protocol against the reference implementation in user space, in both roles: a ping goes through and comes back. */
@RequiresLab
class StockWireGuardIT {
    private static final int STOCK_PORT = 51_003;
    private static final String STOCK_ADDRESS = "10.93.0.1";
    private static final String OUR_ADDRESS = "10.93.0.2";
    private static final Duration LIMIT = Duration.ofSeconds(45);

    private final PrivateKey stockKey = PrivateKey.generate(new SecureRandom());
    private final PresharedKey psk = PresharedKey.generate(new SecureRandom());

    // The control socket of wireguard-go lives in the file system, so the name is unique on the machine.
    private final String link = "hwst" + Long.toString(ProcessHandle.current().pid() % 100_000, 36);

    @TempDir
    private Path directory;

    /** A lab kills what it started, and wireguard-go removes its socket only when it is asked to end. */
    @AfterEach
    void removeControlSocket() throws IOException {
        Files.deleteIfExists(Path.of("/var/run/wireguard", link + ".sock"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"openssl", "sunjce"})
    void initiates(String aead) throws Exception {
        try (NetworkLab lab = NetworkLab.open("stock");
                LoopbackGateway ours = gateway(lab.host("both"), aead);
                ChildProcess stock = stock(lab.hosts().getFirst(), ours, List.of())) {
            PeerSession peer =
                    ours.device.put(settings(List.of(UdpEndpoint.of(IpAddress.parse("127.0.0.1"), STOCK_PORT))));
            List<byte[]> answers = new ArrayList<>();
            long end = System.nanoTime() + LIMIT.toNanos();
            byte[] request = echoRequest();
            while (answers.isEmpty() && System.nanoTime() < end) {
                ours.send(peer, request);
                ours.turn(answers::add);
            }

            assertThat(stock.alive()).isTrue();
            assertThat(answers)
                    .as("echo replies; drops %s", ours.device.drops().snapshot())
                    .isNotEmpty();
            assertThat(answers.getFirst()[20]).as("ICMP type").isZero();
        }
    }

    @Test
    void responds() throws Exception {
        try (NetworkLab lab = NetworkLab.open("stock");
                LoopbackGateway ours = gateway(lab.host("both"), "auto");
                ChildProcess stock =
                        stock(lab.hosts().getFirst(), ours, List.of("endpoint", "127.0.0.1:" + ours.port()))) {
            Host host = lab.hosts().getFirst();
            PeerSession peer = ours.device.put(settings(List.of()));
            CompletableFuture<Output> ping = CompletableFuture.supplyAsync(
                    () -> host.run(Command.of("ping", "-c", "3", "-i", "0.3", "-w", "15", OUR_ADDRESS)),
                    task -> Thread.ofPlatform().start(task));
            while (!ping.isDone()) {
                ours.turn(packet -> ours.send(peer, echoReply(packet)));
            }

            assertThat(stock.alive()).isTrue();
            assertThat(ping.get().stdout()).contains(" 0% packet loss");
        }
    }

    private LoopbackGateway gateway(Host host, String aead) throws Exception {
        DatagramSocket socket = host.call(() -> new DatagramSocket(0, InetAddress.ofLiteral("127.0.0.1")));
        return new LoopbackGateway(socket, AeadProviders.choose(aead).provider());
    }

    private PeerSettings settings(List<UdpEndpoint> endpoints) {
        return new PeerSettings("stock", stockKey.publicKey(), psk, endpoints, 0);
    }

    private ChildProcess stock(Host host, LoopbackGateway ours, List<String> endpoint) throws Exception {
        Path privateKey = Files.writeString(directory.resolve("private"), stockKey.toBase64());
        Path preshared = Files.writeString(directory.resolve("psk"), psk.toBase64());
        ChildProcess process = host.start(
                "wireguard-go",
                Command.of("wireguard-go", link)
                        .with("WG_PROCESS_FOREGROUND", "1")
                        .with("LOG_LEVEL", "verbose"));
        process.awaitLog("UAPI listener started", LIMIT);
        List<String> set = new ArrayList<>(List.of("wg", "set", link));
        set.addAll(List.of("listen-port", Integer.toString(STOCK_PORT), "private-key", privateKey.toString()));
        set.addAll(List.of("peer", ours.privateKey.publicKey().toBase64()));
        set.addAll(List.of("preshared-key", preshared.toString(), "allowed-ips", OUR_ADDRESS + "/32"));
        set.addAll(endpoint);
        host.run(Command.of(set)).orThrow();
        host.address(link, STOCK_ADDRESS + "/24");
        host.up(link);
        return process;
    }

    private static byte[] echoRequest() {
        byte[] bytes = new byte[84];
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        packet.putShort((short) 0x4500).putShort((short) bytes.length).putInt(0x0001_4000);
        packet.putShort((short) 0x4001).putShort((short) 0);
        packet.put(IpAddress.parse(OUR_ADDRESS).toBytes());
        packet.put(IpAddress.parse(STOCK_ADDRESS).toBytes());
        packet.put(20, (byte) 8).putInt(24, 0x0007_0001);
        fillChecksums(packet);
        return bytes;
    }

    /** The request turned round, without the padding it came with. */
    private static byte[] echoReply(byte[] request) {
        byte[] bytes = Arrays.copyOf(request, ByteBuffer.wrap(request).getShort(2));
        ByteBuffer packet = ByteBuffer.wrap(bytes);
        packet.put(12, request, 16, 4).put(16, request, 12, 4).put(20, (byte) 0);
        fillChecksums(packet);
        return bytes;
    }

    private static void fillChecksums(ByteBuffer packet) {
        packet.putShort(10, (short) 0).putShort(22, (short) 0);
        packet.putShort(10, checksum(packet, 0, 20));
        packet.putShort(22, checksum(packet, 20, packet.capacity()));
    }

    private static short checksum(ByteBuffer packet, int from, int to) {
        int sum = 0;
        for (int i = from; i + 1 < to; i += 2) {
            sum += Short.toUnsignedInt(packet.getShort(i));
        }
        int folded = (sum & 0xFFFF) + (sum >>> 16);
        return (short) ~((folded & 0xFFFF) + (folded >>> 16));
    }
}
