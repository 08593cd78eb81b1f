// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.lab.process.ChildProcess;
import dev.hawser.lab.process.Output;
import dev.hawser.tunnel.crypto.PresharedKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.awaitility.Awaitility;

/** What {@code wg} says of a gateway that has one peer. */
final class WgChecks {
    private WgChecks() {}

    static void shows(GatewayCluster cluster, ChildProcess gateway, GatewayCluster other) {
        List<String> lines = cluster.wg(gateway, "show", "hawser0", "dump")
                .orThrow()
                .stdout()
                .lines()
                .toList();
        List<String> device = List.of(lines.getFirst().split("\t", -1));
        List<String> peer = List.of(lines.getLast().split("\t", -1));

        assertThat(device.get(1)).isEqualTo(cluster.publicKey().orElseThrow());
        assertThat(device.get(2)).isEqualTo("51820");
        assertThat(peer.get(0)).isEqualTo(other.publicKey().orElseThrow());
        assertThat(peer.get(2)).isEqualTo("198.51.100.2:51820");
        assertThat(peer.get(3).split(","))
                .containsExactlyInAnyOrder(
                        GatewayCluster.POD_CIDR,
                        GatewayCluster.EXTERNAL_CIDR,
                        GatewayCluster.POD_CIDR_IPV6,
                        GatewayCluster.EXTERNAL_CIDR_IPV6);
        assertThat(Instant.ofEpochSecond(Long.parseLong(peer.get(4))))
                .isBetween(Instant.now().minus(Duration.ofMinutes(3)), Instant.now());
        assertThat(Long.parseLong(peer.get(5))).isPositive();
        assertThat(Long.parseLong(peer.get(6))).isPositive();
    }

    static void refuses(GatewayCluster cluster, ChildProcess gateway, GatewayCluster other) {
        String key = other.publicKey().orElseThrow();

        Output refused = cluster.wg(gateway, "set", "hawser0", "peer", key, "remove");

        assertThat(refused.exit()).isNotZero();
        assertThat(refused.stderr()).contains("Operation not permitted");
        assertThat(cluster.wg(gateway, "show", "hawser0", "peers").stdout()).contains(key);
    }

    /** Both sides get a secret in their Secrets; a session is made with it. */
    static void sharesSecret(GatewayCluster cluster, ChildProcess gateway, GatewayCluster other) {
        String secret = PresharedKey.generate(new SecureRandom()).toBase64();
        cluster.sharesSecretWith(other.id(), secret);
        other.sharesSecretWith(cluster.id(), secret);

        Awaitility.await()
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptions()
                .atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> {
                    assertThat(cluster.wg(gateway, "show", "hawser0", "preshared-keys")
                                    .stdout())
                            .contains(secret);
                    assertThat(cluster.phase(other.id())).contains(ConnectionPhase.Connected);
                    assertThat(other.phase(cluster.id())).contains(ConnectionPhase.Connected);
                });
    }
}
