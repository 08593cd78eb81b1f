// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.ip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.NodeRoute;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.cli.Main;
import dev.hawser.cli.peer.PeerReport;
import dev.hawser.cli.peer.PlannedName;
import dev.hawser.cli.peer.PreflightReport;
import dev.hawser.cli.peer.RangeOverlap;
import dev.hawser.cli.terminal.Json;
import dev.hawser.cli.terminal.Quiet;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.lab.junit.RequiresLab;
import dev.hawser.lab.kubernetes.KubernetesBinaries;
import dev.hawser.lab.net.NetworkLab;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code hawser ip} and the preflight, against two real clusters of identical ranges with real controllers. */
@RequiresLab
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ExplainIT {
    private static final Duration SOON = Duration.ofSeconds(45);
    private static final int SAMPLES = 20;
    /** A bridge where the first free block would be. */
    private static final NodeRoute BRIDGE = new NodeRoute("10.71.0.0/16", "docker0", null);

    @TempDir
    static Path folder;

    private static NetworkLab lab;
    private static ControlledCluster genoa;
    private static ControlledCluster lisbon;
    private static PreflightReport announced;

    @BeforeAll
    static void peerTwoClusters() throws IOException {
        Quiet.libraries();
        KubernetesBinaries binaries = KubernetesBinaries.ensure(System.err::println);
        lab = NetworkLab.open("explain");
        genoa = ControlledCluster.start("genoa", lab, binaries, folder, List.of(BRIDGE));
        lisbon = ControlledCluster.start("3rd-lisbon", lab, binaries, folder, List.of());
        awaitInstalled();
        announced = Json.read(hawser(0, peer("--dry-run")), PeerReport.class).preflight();
        ScheduledExecutorService gateways = Executors.newSingleThreadScheduledExecutor();
        var _ = gateways.scheduleWithFixedDelay(ExplainIT::connect, 0, 200, TimeUnit.MILLISECONDS);
        hawser(0, peer("--no-wait", "--timeout", "60"));
        for (int i = 0; i < 6; i++) {
            genoa.expose("exposed-" + i, "192.0.2." + (10 + i));
            lisbon.expose("exposed-" + i, i % 2 == 0 ? "192.0.2." + (40 + i) : "2001:db8::" + (40 + i));
        }
        within(() -> Stream.of(genoa, lisbon).forEach(ExplainIT::assertSettled));
        gateways.shutdownNow();
        genoa.learn(lisbon);
        lisbon.learn(genoa);
    }

    @AfterAll
    static void close() {
        if (lab != null) {
            lab.close();
        }
    }

    @Test
    void aDryRunTellsTheVeryNamesThatAreGrantedAfterwards() {
        Map<String, String> told = new TreeMap<>();
        for (PlannedName name : announced.mapping()) {
            assertThat(name.granted()).isFalse();
            told.put(name.in() + " " + name.role() + " " + name.cidr(), name.remapped());
        }
        Map<String, String> granted = new TreeMap<>();
        granted(granted, genoa, lisbon);
        granted(granted, lisbon, genoa);

        assertThat(told).hasSize(8).isEqualTo(granted);
    }

    @Test
    void namesKeepClearOfABridgeOnTheNode() {
        assertThat(names(genoa, lisbon)).noneMatch(remap -> remap.to().overlaps(Cidr.parse(BRIDGE.cidr())));
        assertThat(names(lisbon, genoa)).anyMatch(remap -> remap.to().overlaps(Cidr.parse(BRIDGE.cidr())));
    }

    @Test
    void thePreflightShowsWhatEachRangeOverlaps() {
        assertThat(announced.overlaps())
                .extracting(RangeOverlap::cluster, RangeOverlap::cidr, RangeOverlap::heldBy)
                .contains(
                        tuple("genoa", "10.200.0.0/16", "ClusterGateway this (pod CIDR)"),
                        tuple("3rd-lisbon", "fd00:10:70::/112", "ClusterGateway this (external CIDR)"));
    }

    /** Twenty addresses, pods and exposures of both families and of both clusters in turn, by a seed that is printed. */
    @Test
    void explainsEveryAddressTheSameWayOnBothSides() {
        explainSamples("exposed-", 6);
    }

    /** Last, for the others count what there is. In one cluster undisturbed; in the other the controller is killed. */
    @Test
    @Order(Integer.MAX_VALUE)
    @Tag("long")
    void explainsHundredsThatCameAtOnce() throws IOException {
        try (Crowd crowd = new Crowd(genoa)) {
            System.err.println(Crowd.WHAT + ": " + crowd.settle());
        }
        try (Crowd crowd = new Crowd(lisbon)) {
            System.err.println(Crowd.WHAT + ", the controller killed: " + crowd.settleOverADeath());
        }
        genoa.learn(lisbon);
        lisbon.learn(genoa);
        explainSamples(Crowd.PREFIX, Crowd.IPS);
    }

    private static void explainSamples(String prefix, int exposures) {
        long seed = Long.getLong("hawser.seed", System.nanoTime());
        System.err.println("ExplainIT: -Dhawser.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < SAMPLES; i++) {
            ControlledCluster here = i % 2 == 0 ? genoa : lisbon;
            ControlledCluster there = i % 2 == 0 ? lisbon : genoa;
            boolean exposed = i % 4 > 1;
            IP ip = exposure(here, prefix + random.nextInt(exposures));
            IpAddress local = exposed
                    ? IpAddress.parse(Objects.requireNonNull(ip.getSpec().ip()))
                    : pod(random);
            IpAddress truth = exposed
                    ? IpAddress.parse(Objects.requireNonNull(ip.getStatus().externalIP()))
                    : local;
            assertBothSidesAgree(here, there, local, truth);
        }
    }

    @Test
    void plansByTheSameRules() {
        PlanReport nothing = Json.read(hawser(0, ip(genoa, "plan", "-o", "json")), PlanReport.class);
        PlanReport wanted = Json.read(hawser(0, ip(genoa, "plan", "-o", "json", "10.200.0.0/16")), PlanReport.class);

        assertThat(nothing.names()).isEmpty();
        assertThat(nothing.granted()).isEqualTo(4);
        assertThat(wanted.names()).singleElement().satisfies(name -> {
            assertThat(name.inTheWay()).isEqualTo("ClusterGateway this (pod CIDR)");
            assertThat(name.name()).isNotNull().startsWith("10.").endsWith("/16");
        });
        assertThat(hawser(0, ip(genoa, "plan", "--peer", "3rd-lisbon"))).contains("granted", "pod 10.200.0.0/16");
    }

    @Test
    void showsHowFullTheRangesAre() {
        TopReport top = Json.read(hawser(0, ip(genoa, "top", "-o", "json")), TopReport.class);

        assertThat(top.ranges()).anySatisfy(range -> {
            assertThat(range.range()).isEqualTo("10.70.0.0/16");
            assertThat(range.used()).as("the proxy and six more").isEqualTo("7");
            assertThat(range.total()).isEqualTo("65533");
        });
        assertThat(top.ranges())
                .filteredOn(range -> range.range().equals("10.0.0.0/8"))
                .singleElement()
                .satisfies(pool -> assertThat(pool.used()).isEqualTo(String.valueOf(2 * 65_536)));
    }

    @Test
    void refusesWhatIsNoAddress() {
        hawser(2, ip(genoa, "explain", "010.0.0.1"));
        hawser(2, ip(genoa, "explain", "10.200.0.0/16"));
        hawser(2, ip(genoa, "plan", "10.200.0.1/16"));
    }

    private static void assertBothSidesAgree(
            ControlledCluster here, ControlledCluster there, IpAddress local, IpAddress truth) {
        IpAddress name = names(there, here).stream()
                .filter(remap -> remap.covers(truth))
                .findFirst()
                .orElseThrow()
                .apply(truth);
        ExplainReport atHome = explain(here, local.toString());
        assertThat(atHome.inbound())
                .as("%s of %s", local, here.id())
                .filteredOn(way -> way.peer().equals(there.id()))
                .singleElement()
                .satisfies(way -> assertThat(way.dials()).isEqualTo(name.toString()));
        ExplainReport abroad = explain(there, name.toString());
        assertThat(abroad.here().getFirst().peer()).isEqualTo(here.id());
        assertThat(abroad.here().getFirst().trueAddress()).isEqualTo(truth.toString());
        assertThat(abroad.outbound().dial()).isEqualTo(name.toString());
        assertThat(abroad.outbound().arrivesAs()).isEqualTo(truth.toString());
    }

    private static IpAddress pod(Random random) {
        return random.nextBoolean()
                ? IpAddress.parse("10.200.0.0").plus(random.nextInt(1 << 16))
                : IpAddress.parse("fd00:10:200::").plus(random.nextLong(Long.MAX_VALUE));
    }

    private static ExplainReport explain(ControlledCluster cluster, String address) {
        return Json.read(hawser(0, ip(cluster, "explain", "-o", "json", address)), ExplainReport.class);
    }

    private static IP exposure(ControlledCluster cluster, String name) {
        return cluster.client()
                .resources(IP.class)
                .inNamespace("default")
                .withName(name)
                .get();
    }

    /** By the objects that the gateways go by. */
    private static List<Remap> names(ControlledCluster in, ControlledCluster of) {
        RemappedRanges remote = Objects.requireNonNull(in.client()
                .resources(Configuration.class)
                .inNamespace(ControlledCluster.NAMESPACE)
                .withName(of.id())
                .get()
                .getStatus()
                .remote());
        List<RemappedRange> ranges = new ArrayList<>(remote.podCIDRs());
        ranges.addAll(remote.externalCIDRs());
        return ranges.stream()
                .map(range -> new Remap(Cidr.parse(range.cidr()), Cidr.parse(range.remapped())))
                .toList();
    }

    private static void granted(Map<String, String> granted, ControlledCluster in, ControlledCluster of) {
        for (Remap remap : names(in, of)) {
            boolean pods = remap.from().toString().contains(":200:")
                    || remap.from().toString().startsWith("10.200");
            granted.put(
                    in.id() + (pods ? " pod " : " external ") + remap.from(),
                    remap.to().toString());
        }
    }

    private static void assertSettled(ControlledCluster cluster) {
        ControlledCluster peer = cluster == genoa ? lisbon : genoa;
        assertThat(names(cluster, peer)).hasSize(4);
        assertThat(cluster.advertised(peer.id()).remapOfYou()).isNotNull();
        assertThat(cluster.advertised(peer.id()).exposures()).hasSize(7);
    }

    /** What both gateways say of each other; a write that crosses one of the controller's is made again. */
    private static void connect() {
        try {
            genoa.connectAll();
            lisbon.connectAll();
        } catch (KubernetesClientException crossed) {
            // The next look sees what stands.
        }
    }

    private static void awaitInstalled() {
        within(() -> Stream.of(genoa, lisbon)
                .forEach(cluster -> assertThat(cluster.client()
                                .resources(IP.class)
                                .inNamespace(ControlledCluster.NAMESPACE)
                                .withName("api-server-proxy")
                                .get()
                                .getStatus()
                                .externalIP())
                        .isNotNull()));
    }

    private static void within(org.awaitility.core.ThrowingRunnable holds) {
        Awaitility.await()
                .atMost(SOON)
                .pollInterval(Duration.ofMillis(100))
                .ignoreException(NullPointerException.class)
                .untilAsserted(holds);
    }

    private static String[] peer(String... more) {
        return Stream.concat(
                        Stream.of(
                                "peer",
                                "-o",
                                "json",
                                "--kubeconfig",
                                genoa.kubeconfig(),
                                "--peer-kubeconfig",
                                lisbon.kubeconfig()),
                        Arrays.stream(more))
                .toArray(String[]::new);
    }

    private static String[] ip(ControlledCluster cluster, String verb, String... more) {
        return Stream.concat(Stream.of("ip", verb, "--kubeconfig", cluster.kubeconfig()), Arrays.stream(more))
                .toArray(String[]::new);
    }

    /** What the program prints, in this process: its class path is that of the test. */
    private static String hawser(int exitCode, String... arguments) {
        PrintStream terminal = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(Main.commandLine().execute(arguments))
                    .as(String.join(" ", arguments))
                    .isEqualTo(exitCode);
        } finally {
            System.setOut(terminal);
        }
        return printed.toString(StandardCharsets.UTF_8);
    }
}
