// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.ip;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.ipam.IP;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.RemappedRanges;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.awaitility.core.ThrowingRunnable;

/** Hundreds of exposures and tens of peers that come to a cluster at once. */
final class Crowd implements AutoCloseable {
    static final int IPS = 500;
    static final String PREFIX = "crowd-";
    static final String WHAT = "500 IPs and 50 peers beside a second cluster";

    private static final int PEERS = 50;
    private static final int HANDS = 16;
    /** How long it took is reported; this is when a person would take it for broken. */
    private static final Duration LIMIT = Duration.ofSeconds(90);

    private final ControlledCluster cluster;
    private final ExecutorService hands = Executors.newFixedThreadPool(HANDS);

    Crowd(ControlledCluster cluster) {
        this.cluster = cluster;
    }

    /** How long it takes from before the first is created until all are granted and say so. */
    String settle() {
        long start = System.nanoTime();
        create();
        within(this::assertSettled);
        return seconds(start);
    }

    /** The same while the controller is killed when some are granted; nobody's address may move. */
    String settleOverADeath() throws IOException {
        long start = System.nanoTime();
        create();
        within(() -> assertThat(granted()).hasSizeGreaterThan(IPS / 4));
        cluster.killController();
        Map<String, String> before = granted();
        assertThat(before).as("granted when it was killed").hasSizeLessThan(IPS);
        within(this::assertSettled);
        assertThat(granted()).containsAllEntriesOf(before);
        return seconds(start);
    }

    private void create() {
        IntStream.range(0, PEERS).forEach(i -> hands.execute(() -> cluster.peerWithNobody(PREFIX + "peer-" + i)));
        IntStream.range(0, IPS)
                .forEach(i -> hands.execute(() ->
                        cluster.expose(PREFIX + i, "172.28.%d.%d".formatted(i / 250, i % 250 + 1))));
    }

    private void assertSettled() {
        // First, because to read all is work for the API server that is being measured.
        assertThat(configurations()).hasSize(PEERS + 1).allSatisfy(configuration -> {
            RemappedRanges names =
                    Objects.requireNonNull(configuration.getStatus().remote());
            assertThat(names.podCIDRs()).hasSize(2);
            assertThat(names.externalCIDRs()).hasSize(2);
        });
        List<IP> ips = ips();
        assertThat(ips).hasSize(IPS).allSatisfy(ip -> {
            assertThat(Conditions.of(ip.getStatus().conditions()).holds("Ready"))
                    .isTrue();
            assertThat(ip.getStatus().ipMappings()).hasSize(PEERS + 1);
        });
        assertThat(granted().values()).hasSize(IPS).doesNotHaveDuplicates();
    }

    private Map<String, String> granted() {
        return ips().stream()
                .filter(ip -> ip.getStatus() != null && ip.getStatus().externalIP() != null)
                .collect(Collectors.toMap(
                        ip -> ip.getMetadata().getName(), ip -> ip.getStatus().externalIP()));
    }

    private List<IP> ips() {
        return cluster.client().resources(IP.class).inNamespace("default").list().getItems().stream()
                .filter(ip -> ip.getMetadata().getName().startsWith(PREFIX))
                .toList();
    }

    private List<Configuration> configurations() {
        return cluster.client()
                .resources(Configuration.class)
                .inNamespace(ControlledCluster.NAMESPACE)
                .list()
                .getItems();
    }

    private static void within(ThrowingRunnable holds) {
        Awaitility.await()
                .atMost(LIMIT)
                .pollInterval(Duration.ofSeconds(1))
                .ignoreException(NullPointerException.class)
                .untilAsserted(holds);
    }

    private static String seconds(long start) {
        return "%.1f s".formatted((System.nanoTime() - start) / 1e9);
    }

    @Override
    public void close() {
        hands.shutdownNow();
    }
}
