// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.tunnel.crypto.PrivateKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two gateways under traffic for a long time, {@code -Dhawser.soak.minutes} (30): sessions replaced every twenty seconds, the far
 * one moves and is killed and started again. No packet is lost outside of these faults, and the near one, which lives through all
 * of it, needs no more memory and no more files at the end than after its first minutes.
 */
@RequiresLab
@Tag("long")
class SoakIT {
    private static final Duration LENGTH = Duration.ofMinutes(Long.getLong("hawser.soak.minutes", 30));
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int BYTES = 20_000_000;
    private static final int REKEY_SECONDS = 20;
    private static final int CYCLES_PER_RESTART = 3;

    /** Shorter than this the JVM is still warming up, and its memory says nothing. */
    private static final Duration TELLING = Duration.ofMinutes(10);

    private static final double MOST_MIB_PER_MINUTE = 0.3;

    private final PrivateKey nearKey = PrivateKey.generate(new SecureRandom());
    private final PrivateKey farKey = PrivateKey.generate(new SecureRandom());
    private final List<Usage> usage = new ArrayList<>();
    private final List<Double> minutes = new ArrayList<>();
    private int restarts;
    private int moves;
    private long pings;

    @Test
    void staysAsItIs() throws Exception {
        try (NetworkLab lab = NetworkLab.open("soak")) {
            Host near = lab.host("near");
            Host far = lab.host("far");
            lab.link(near, "eth0", far, "eth0");
            near.address("eth0", "192.0.2.1/24");
            far.address("eth0", address(0) + "/24");
            ChildProcess steady = start(near, lab, nearKey, farKey, "192.0.2.2", 1);
            ChildProcess other = start(far, lab, farKey, nearKey, "192.0.2.1", 2);
            awaitData(near);

            long start = System.nanoTime();
            for (int cycle = 1; System.nanoTime() - start < LENGTH.toNanos(); cycle++) {
                steadyTraffic(near, far);
                move(near, far);
                if (cycle % CYCLES_PER_RESTART == 0) {
                    other.kill();
                    other = start(far, lab, farKey, nearKey, "192.0.2.1", 2);
                    restarts++;
                    awaitData(near);
                }
                minutes.add((System.nanoTime() - start) / 60e9);
                usage.add(Usage.of(steady.pid()));
                System.out.printf("OUT: %5.1f min %s%n", minutes.getLast(), usage.getLast());
            }
            report(steady);
        }
    }

    /** Nothing is wrong here, so nothing may be lost. */
    private void steadyTraffic(Host near, Host far) throws Exception {
        for (Host from : List.of(near, far)) {
            int count = 100;
            String said = from.run(
                            "ping",
                            "-q",
                            "-i",
                            "0.05",
                            "-c",
                            String.valueOf(count),
                            from == near ? "10.2.0.1" : "10.1.0.1")
                    .stdout();
            assertThat(said).contains(" 0% packet loss");
            pings += count;
        }
        TcpTransfer there = TcpTransfer.run(near, "10.1.0.1", far, "10.2.0.1", BYTES);
        TcpTransfer back = TcpTransfer.run(far, "10.2.0.1", near, "10.1.0.1", BYTES);
        assertThat(there.received()).isEqualTo(there.sent());
        assertThat(back.received()).isEqualTo(back.sent());
    }

    /** The far one is at another address now; it is followed as soon as it speaks. */
    private void move(Host near, Host far) {
        far.run("ip", "address", "del", address(moves) + "/24", "dev", "eth0");
        moves++;
        far.address("eth0", address(moves) + "/24");
        awaitData(far, "10.1.0.1");
        awaitData(near);
    }

    private static String address(int move) {
        return "192.0.2." + (move % 2 == 0 ? 2 : 3);
    }

    private static void awaitData(Host near) {
        awaitData(near, "10.2.0.1");
    }

    private static void awaitData(Host from, String to) {
        LabGateway.await(
                () -> from.run(Command.of("ping", "-q", "-c", "1", "-W", "1", to))
                        .succeeded(),
                LIMIT,
                () -> "no answer from " + to);
    }

    private static ChildProcess start(
            Host host, NetworkLab lab, PrivateKey own, PrivateKey other, String endpoint, int number)
            throws IOException {
        int otherNumber = 3 - number;
        String pods = "10." + number + ".0.0/24";
        String peer = "10." + otherNumber + ".0.0/24";
        Path file = lab.directory().resolve(host.name() + ".conf");
        Files.write(
                file,
                List.of(
                        "key " + own.toBase64(),
                        "port 51820",
                        "pods " + pods,
                        "rekey " + REKEY_SECONDS,
                        "peer other " + other.publicKey().toBase64() + " " + endpoint + " " + peer + " " + peer));
        ChildProcess process = host.start("engine-" + System.nanoTime(), EngineProcess.command(file));
        process.awaitLog("handshakes=", LIMIT);
        host.run("ip", "link", "set", "hawser0", "mtu", "1420", "up");
        host.address("hawser0", "10." + number + ".0.1/32");
        host.run("ip", "route", "replace", peer, "dev", "hawser0", "src", "10." + number + ".0.1");
        return process;
    }

    private void report(ChildProcess steady) {
        int settled = usage.size() / 3;
        double slope = slope(minutes.subList(settled, minutes.size()), usage.subList(settled, usage.size()));
        long files = usage.subList(settled, usage.size()).stream()
                .mapToLong(Usage::descriptors)
                .distinct()
                .count();
        System.out.printf(
                "OUT: soak of %.1f min: %d pings and %d transfers without loss, %d moves, %d restarts; memory %+.2f MiB/min over"
                        + " the last two thirds (%d MiB at the end), %d open files (%d different numbers of them), %d threads%n",
                minutes.getLast(),
                pings,
                2 * moves,
                moves,
                restarts,
                slope,
                usage.getLast().residentMib(),
                usage.getLast().descriptors(),
                files,
                usage.getLast().threads());
        assertThat(steady.alive()).isTrue();
        assertThat(files).isEqualTo(1);
        if (LENGTH.compareTo(TELLING) >= 0) {
            assertThat(slope).isLessThan(MOST_MIB_PER_MINUTE);
        }
    }

    /** MiB per minute, by least squares. */
    private static double slope(List<Double> x, List<Usage> y) {
        double meanX = x.stream().mapToDouble(Double::doubleValue).average().orElse(0);
        double meanY = y.stream().mapToLong(Usage::residentMib).average().orElse(0);
        double above = 0;
        double below = 0;
        for (int i = 0; i < x.size(); i++) {
            above += (x.get(i) - meanX) * (y.get(i).residentMib() - meanY);
            below += (x.get(i) - meanX) * (x.get(i) - meanX);
        }
        return below == 0 ? 0 : above / below;
    }
}
