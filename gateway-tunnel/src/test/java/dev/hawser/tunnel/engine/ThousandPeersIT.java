// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * One gateway with as many peers as a large fabric has, each at its own address: how long until all have their handshakes after
 * the gateway was killed and started again. Half of the peers can be called, the other half only call.
 */
@RequiresLab
class ThousandPeersIT {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    /** When those behind a NAT notice that their gateway is silent and call it. */
    private static final Duration NOTICED = Duration.ofSeconds(2);

    @Test
    void haveAllTheirHandshakesSoonAfterARestart() throws Exception {
        connect(1_000);
    }

    private static void connect(int count) throws Exception {
        PrivateKey key = PrivateKey.generate(new SecureRandom());
        try (NetworkLab lab = NetworkLab.open("peers")) {
            Host gateway = lab.host("gateway");
            Host far = lab.host("far");
            lab.link(gateway, "eth0", far, "eth0");
            gateway.address("eth0", "192.0.2.1/24");
            far.address("eth0", "192.0.2.2/24");
            gateway.route("198.18.0.0/15", "192.0.2.2");
            far.run("ip", "route", "add", "local", "198.18.0.0/15", "dev", "lo");
            UdpEndpoint endpoint = UdpEndpoint.of(IpAddress.parse("192.0.2.1"), 51_820);
            try (SimulatedPeers peers = new SimulatedPeers(far, count, key.publicKey(), endpoint)) {
                Path configuration = configuration(lab.directory().resolve("peers"), key, peers, count);
                run(gateway, configuration, peers, count, "first start");
                run(gateway, configuration, peers, count, "after a restart");
            }
        }
    }

    private static void run(Host host, Path configuration, SimulatedPeers peers, int count, String what)
            throws Exception {
        ChildProcess process = host.start(what.replace(' ', '-'), EngineProcess.command(configuration));
        try {
            process.awaitLog("handshakes=", LIMIT);
            long start = System.nanoTime();
            Thread.ofVirtual().start(() -> {
                LabGateway.await(() -> System.nanoTime() - start > NOTICED.toNanos(), LIMIT, () -> "time stands still");
                peers.call(count / 2, count);
            });
            Duration took = LabGateway.await(
                    () -> process.logTail(1).contains("handshakes=" + count + " "),
                    LIMIT,
                    () -> "only " + process.logTail(1));
            Usage usage = Usage.of(process.pid());
            System.out.printf(
                    "OUT: %d peers, %s: all handshakes %.1f s after the first line; %.1f s of CPU since the start of the process,"
                            + " %d MiB resident; %s%n",
                    count, what, took.toMillis() / 1e3, usage.cpuSeconds(), usage.residentMib(), process.logTail(1));
            assertThat(took).isLessThan(LIMIT);
        } finally {
            process.kill();
        }
    }

    private static Path configuration(Path file, PrivateKey key, SimulatedPeers peers, int count) throws Exception {
        List<String> lines = new ArrayList<>(List.of("key " + key.toBase64(), "port 51820", "pods 10.200.0.0/16"));
        for (int i = 0; i < count; i++) {
            String endpoint = i < count / 2 ? peers.address(i).toString() : "none";
            String name = IpAddress.parse("20.0.0.0").plus(256L * i) + "/24";
            lines.add("peer p" + i + " " + peers.key(i).toBase64() + " " + endpoint + " 10.200.7.0/24 " + name);
        }
        return Files.write(file, lines);
    }
}
