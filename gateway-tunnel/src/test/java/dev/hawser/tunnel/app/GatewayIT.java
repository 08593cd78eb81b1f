// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.NetworkLab;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Command;
import dev.hawser.lab.process.Signal;
import dev.hawser.tunnel.crypto.PrivateKey;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** Two gateways with identical ranges, each with its own API server; genoa is reachable, lisbon only dials out. */
@RequiresLab
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GatewayIT {
    private static final String GENOA_ENDPOINT = "198.51.100.1:51820";

    private static NetworkLab lab;
    private static GatewayCluster genoa;
    private static GatewayCluster lisbon;
    private static Host printer;
    private static String genoaBefore;
    private static String lisbonBefore;
    private static ChildProcess genoaGateway;
    private static ChildProcess lisbonGateway;

    @BeforeAll
    static void start() {
        KubernetesBinaries binaries = KubernetesBinaries.ensure(System.err::println);
        lab = NetworkLab.open("gateway-it", fresh(Path.of("target", "gateway-it")));
        Host left = lab.host("genoa");
        Host right = lab.host("lisbon");
        lab.link(left, "eth0", right, "eth0");
        left.address("eth0", "198.51.100.1/24");
        right.address("eth0", "198.51.100.2/24");
        printer = lab.host("printer");
        lab.link(right, "lan", printer, "eth0");
        right.address("lan", "192.0.2.7/24");
        right.address("lan", "2001:db8:2::7/64");
        printer.address("eth0", GatewayCluster.PRINTER + "/24");
        printer.address("eth0", GatewayCluster.PRINTER_IPV6 + "/64");
        // What a NAT does to a gateway behind it: only answers to what it said come in.
        right.nft("""
                table ip nat-of-lisbon {
                    chain input {
                        type filter hook input priority filter; policy accept;
                        iifname "eth0" udp dport 51820 ct state new drop
                    }
                }
                """);
        var other = CompletableFuture.supplyAsync(() -> GatewayCluster.start(lab, "lisbon", binaries, right));
        genoa = GatewayCluster.start(lab, "genoa", binaries, left);
        lisbon = other.join();
        genoaBefore = genoa.nodeState();
        lisbonBefore = lisbon.nodeState();
        // One gateway starts before its objects exist, the other after.
        genoaGateway = genoa.startGateway();
        genoa.createGatewayAndExposure(GENOA_ENDPOINT);
        lisbon.createGatewayAndExposure();
        lisbonGateway = lisbon.startGateway();
    }

    @AfterAll
    static void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    @Order(1)
    void makesItsKeyPairAndPublishesIt() {
        within(20).untilAsserted(() -> {
            assertThat(genoa.publicKey()).isPresent();
            assertThat(lisbon.publicKey()).isPresent();
        });
        assertThat(genoa.gateway().getStatus().endpoints()).containsExactly(GENOA_ENDPOINT);
        assertThat(genoa.gateway().getStatus().activePod()).isEqualTo("gateway-0");
        assertThat(genoa.gateway().getStatus().observedGeneration()).isEqualTo(1);
    }

    @Test
    @Order(2)
    void connectsAPeerThatOnlyDialsOut() {
        genoa.peerWith("lisbon", lisbon.publicKey().orElseThrow(), List.of(), "10.71.0.0/16", "10.81.0.0/16");
        lisbon.peerWith(
                "genoa", genoa.publicKey().orElseThrow(), List.of(GENOA_ENDPOINT), "10.71.0.0/16", "10.68.0.0/16");

        within(15).untilAsserted(() -> {
            assertThat(genoa.phase("lisbon")).contains(ConnectionPhase.Connected);
            assertThat(lisbon.phase("genoa")).contains(ConnectionPhase.Connected);
        });
        genoa.controlPlane()
                .kubectl()
                .run("wait", "-n", "hawser", "--for=condition=Connected", "conn/lisbon", "--timeout=1s");
        within(15).untilAsserted(() -> {
            ConnectionStatus status = genoa.status("lisbon").orElseThrow();
            assertThat(status.pathMTU()).isEqualTo(GatewayMain.MTU);
            assertThat(status.latency())
                    .isNotNull()
                    .satisfies(latency -> assertThat(latency.jitter()).endsWith("ms"));
            assertThat(status.loss()).isNotNull();
        });
    }

    @Test
    @Order(3)
    void pingsTheOtherGatewayAndPodsUnderTheirRemappedAddresses() {
        Calls.ping(genoa.node, "10.81.0.1");
        Calls.ping(lisbon.node, "10.68.0.1");
        Calls.ping(genoa.pod, "10.71.1.5");
        Calls.ping(lisbon.pod, "10.71.1.5");
        Calls.ping(genoa.node, "fd00:10:81::1");
        Calls.ping(lisbon.node, "fd00:10:68::1");
        Calls.ping(genoa.pod, "fd00:10:71::1:5");
        Calls.ping(lisbon.pod, "fd00:10:71::1:5");
    }

    @Test
    @Order(4)
    void showsThePeersPodUnderItsRemappedAddress() throws Exception {
        assertThat(Calls.sourceSeenBy(genoa.pod, lisbon.pod, "10.71.1.5", 9000)).isEqualTo("10.71.1.5");
        assertThat(Calls.sourceSeenBy(lisbon.pod, genoa.pod, "10.71.1.5", 9000)).isEqualTo("10.71.1.5");
        assertThat(Calls.sourceSeenBy(genoa.pod, lisbon.pod, "fd00:10:71::1:5", 9000))
                .isEqualTo("fd00:10:71::1:5");
        assertThat(Calls.sourceSeenBy(lisbon.pod, genoa.pod, "fd00:10:71::1:5", 9000))
                .isEqualTo("fd00:10:71::1:5");
    }

    @Test
    @Order(5)
    void letsPeersReachAnExposureOnItsPortsOnly() throws Exception {
        assertThat(Calls.sourceSeenBy(genoa.pod, lisbon.node, "10.81.0.3", GatewayCluster.EXPOSED_PORT))
                .isEqualTo("10.71.1.5");
        assertThat(Calls.sourceSeenBy(genoa.pod, lisbon.node, "fd00:10:81::3", GatewayCluster.EXPOSED_PORT))
                .isEqualTo("fd00:10:71::1:5");
        assertThatThrownBy(() -> Calls.sourceSeenBy(genoa.pod, lisbon.node, "fd00:10:81::3", 22))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Calls.sourceSeenBy(genoa.pod, lisbon.node, "10.81.0.3", 22))
                .isInstanceOf(IOException.class);
        within(5)
                .untilAsserted(() -> assertThat(Calls.metrics(lisbon.node))
                        .containsPattern(
                                "hawser_gateway_drops_total\\{peer=\"genoa\",reason=\"port_filtered\"} [1-9]"));
    }

    @Test
    @Order(5)
    void hidesSourcesFromWhatHasNoRouteBack() throws Exception {
        assertThat(Calls.sourceSeenBy(genoa.pod, printer, "10.81.0.4", 9100)).isEqualTo("192.0.2.7");
        assertThat(Calls.sourceSeenBy(genoa.pod, printer, "fd00:10:81::4", 9100))
                .isEqualTo("2001:db8:2::7");
    }

    @Test
    @Order(6)
    void keepsPeersAwayFromTheNodeBehindTheBridgeAddress() {
        assertThatThrownBy(() -> Calls.sourceSeenBy(genoa.pod, lisbon.node, "10.71.0.1", 9001))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Calls.sourceSeenBy(genoa.pod, lisbon.node, "fd00:10:71::1", 9001))
                .isInstanceOf(IOException.class);
    }

    @Test
    @Order(7)
    void goesOnWhileTheApiServerDoesNotAnswer() {
        genoa.controlPlane().apiServer().signal(Signal.STOP);
        try {
            Calls.ping(genoa.pod, "10.71.1.5");
        } finally {
            genoa.controlPlane().apiServer().signal(Signal.CONT);
        }
    }

    @Test
    @Order(8)
    void saysOnAConnectionWhatIsWrongWithItAndServesTheOthers() {
        genoa.connect("porto", "no key at all", List.of());

        within(5)
                .untilAsserted(() -> assertThat(genoa.status("porto")).hasValueSatisfying(status -> {
                    assertThat(status.phase()).isEqualTo(ConnectionPhase.Error);
                    assertThat(status.message()).contains("public key");
                }));
        genoa.disconnect("porto");
        Calls.ping(genoa.pod, "10.71.1.5");
        assertThat(Calls.metrics(genoa.node)).contains("hawser_gateway_peer_connected{peer=\"lisbon\"} 1.0");
    }

    @Test
    @Order(9)
    void putsBackWhatSomebodyWroteIntoItsStatus() {
        String key = genoa.publicKey().orElseThrow();

        genoa.controlPlane()
                .kubectl()
                .run(
                        "patch",
                        "cgw",
                        "this",
                        "-n",
                        "hawser",
                        "--subresource=status",
                        "--type=merge",
                        "-p",
                        "{\"status\":{\"publicKeys\":[]}}");

        within(5).untilAsserted(() -> assertThat(genoa.publicKey()).contains(key));
    }

    @Test
    @Order(9)
    void showsItselfToWgWhichMayNotChangeIt() {
        WgChecks.shows(genoa, genoaGateway, lisbon);
        WgChecks.refuses(genoa, genoaGateway, lisbon);
    }

    @Test
    @Order(9)
    void mixesInTheSecretOfBothSides() {
        WgChecks.sharesSecret(genoa, genoaGateway, lisbon);
        Calls.ping(lisbon.pod, "10.71.1.5");
    }

    @Test
    @Order(10)
    void replacesItsKeyUnderATransferWithoutLosingAByte() throws Exception {
        String last = genoa.publicKey().orElseThrow();
        RunningTransfer transfer = RunningTransfer.start(lisbon.pod, genoa.pod, "10.71.1.5", 9002);

        genoa.configure("{\"keyGeneration\":1}");
        within(5).untilAsserted(() -> assertThat(genoa.publicKeys()).hasSize(2).startsWith(last));
        List<String> both = genoa.publicKeys();
        lisbon.learn("genoa", "publicKeys", both);
        genoa.acknowledge(both);
        within(10).untilAsserted(() -> assertThat(genoa.publicKeys()).containsExactly(both.getLast()));
        lisbon.learn("genoa", "publicKeys", genoa.publicKeys());

        long before = transfer.arrived();
        within(5).until(() -> transfer.arrived() > before + 1_000_000);
        transfer.finish();
        assertThat(genoa.phase("lisbon")).contains(ConnectionPhase.Connected);
        assertThat(lisbon.phase("genoa")).contains(ConnectionPhase.Connected);
    }

    @Test
    @Order(11)
    void servesSeveralPortsAndIsFoundAgainAtTheOneThatStays() {
        String second = "198.51.100.1:51830";
        genoa.configure("{\"listenPorts\":[51820,51830]}");
        lisbon.learn("genoa", "endpoints", List.of(GENOA_ENDPOINT, second));
        Calls.ping(lisbon.pod, "10.71.1.5");

        genoa.configure("{\"listenPorts\":[51830]}");

        within(6)
                .untilAsserted(() -> assertThat(lisbon.status("genoa"))
                        .hasValueSatisfying(
                                status -> assertThat(status.endpoint()).isEqualTo(second)));
        Calls.ping(genoa.pod, "10.71.1.5");
    }

    @Test
    @Order(12)
    void noticesAKilledPeerWithinFiveSecondsAndFindsItAgain() throws Exception {
        lisbonGateway.kill();

        within(5).untilAsserted(() -> assertThat(genoa.phase("lisbon")).contains(ConnectionPhase.Connecting));
        // Nobody carries these packets now; they must not leave by the default route either.
        assertThat(lisbon.pod
                        .run(Command.of("ping", "-c", "1", "-W", "1", "10.71.1.5"))
                        .stdout())
                .contains("Unreachable");
        assertThat(lisbon.pod
                        .run(Command.of("ping", "-c", "1", "-W", "1", "fd00:10:71::1:5"))
                        .stdout())
                .contains("unreachable");
        assertThat(lisbon.nodeState())
                .contains("table ip hawser", "unreachable 10.71.0.0/16")
                .contains("table ip6 hawser", "unreachable fd00:10:71::/56");
        try (DatagramSocket taken = lisbon.node.call(() -> new DatagramSocket(51_820))) {
            assertThat(taken.isBound()).isTrue();
            lisbonGateway = lisbon.startGateway();
            within(10)
                    .untilAsserted(() -> assertThat(lisbon.status("genoa"))
                            .hasValueSatisfying(status -> assertThat(status.message())
                                    .startsWith("the tunnel cannot be started")
                                    .contains("51820")));
        }
        within(15).untilAsserted(() -> {
            assertThat(genoa.phase("lisbon")).contains(ConnectionPhase.Connected);
            Calls.ping(lisbon.pod, "10.71.1.5");
        });
    }

    @Test
    @Order(13)
    void removesWhatAPeerLeftBehind() {
        genoa.peerWith("faro", freshKey(), List.of(), "10.75.0.0/16", "10.85.0.0/16");
        within(5).untilAsserted(() -> assertThat(genoa.nodeState()).contains("10.75.0.0/16", "10.85.0.0/16"));

        genoa.disconnect("faro");

        within(5)
                .untilAsserted(() -> assertThat(genoa.nodeState())
                        .contains("10.71.0.0/16")
                        .doesNotContain("10.75.0.0/16")
                        .doesNotContain("10.85.0.0/16"));
    }

    @Test
    @Order(14)
    void startsAgainWhileTheApiServerDoesNotAnswer() {
        genoaGateway.kill();
        genoa.controlPlane().apiServer().signal(Signal.STOP);
        try {
            genoaGateway = genoa.startGateway();

            within(15).untilAsserted(() -> {
                Calls.ping(genoa.pod, "10.71.1.5");
                Calls.ping(genoa.pod, "fd00:10:71::1:5");
            });
        } finally {
            genoa.controlPlane().apiServer().signal(Signal.CONT);
        }
        within(15).untilAsserted(() -> assertThat(genoa.phase("lisbon")).contains(ConnectionPhase.Connected));
    }

    @Test
    @Order(15)
    void leavesNothingOnTheNodeAfterSigterm() {
        lisbonGateway.stop();

        assertThat(lisbon.nodeState()).isEqualTo(lisbonBefore);
        assertThat(lisbon.status("genoa"))
                .hasValueSatisfying(status -> assertThat(status.message()).isEqualTo("the gateway has been stopped"));
    }

    @Test
    @Order(16)
    void leavesNothingOnTheNodeWhenTheApiServerIsGoneToo() {
        genoa.controlPlane().apiServer().kill();

        genoaGateway.stop();

        assertThat(genoa.nodeState()).isEqualTo(genoaBefore);
    }

    private static String freshKey() {
        return PrivateKey.generate(new SecureRandom()).publicKey().toBase64();
    }

    /** A folder whose logs stay for whoever has to find out why a test failed; the data of an earlier run goes. */
    private static Path fresh(Path folder) {
        if (Files.exists(folder)) {
            try (Stream<Path> old = Files.walk(folder)) {
                old.sorted(Comparator.reverseOrder()).map(Path::toFile).forEach(File::delete);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return folder;
    }

    private static ConditionFactory within(int seconds) {
        return Awaitility.await()
                .pollInterval(Duration.ofMillis(100))
                .pollInSameThread()
                .ignoreExceptions()
                .atMost(Duration.ofSeconds(seconds));
    }
}
