// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.target;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.http.Authority;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {
    private final Targets targets = Targets.apiServer(IpAddress.parse("10.95.0.1"), 6443);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes:443", "kubernetes.default:443", "kubernetes.default.svc:443",
                "kubernetes.default.svc.cluster.local:443", "KUBERNETES.default.svc.:443", "10.95.0.1:6443"
            })
    void findsTheApiServerUnderEachOfItsSpellings(String authority) {
        assertThat(targets.find(Authority.parse(authority).orElseThrow()))
                .contains(new InetSocketAddress(InetAddress.ofLiteral("10.95.0.1"), 6443));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kubernetes.default.svc:444",
                "kubernetes.default.svc:6443",
                "10.95.0.1:443",
                "10.95.0.2:6443",
                "kubernetes.default.svc.evil.example:443",
                "evil-kubernetes.default.svc:443",
                "localhost:6443",
                "127.0.0.1:6443",
                "169.254.169.254:80",
                "[::1]:6443",
                "[fd00::1]:443",
                "kubernetes.kube-system.svc:443"
            })
    void findsNothingElse(String authority) {
        assertThat(targets.find(Authority.parse(authority).orElseThrow())).isEmpty();
    }

    @Test
    void findsWhatSomebodyNamedBesides() {
        Targets more = targets.and(List.of(
                Authority.parse("127.0.0.1:9").orElseThrow(),
                Authority.parse("Metrics.example.:443").orElseThrow(),
                Authority.parse("kubernetes:443").orElseThrow()));

        assertThat(more.find(Authority.parse("127.0.0.1:9").orElseThrow()))
                .as("an address that is named is meant")
                .contains(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 9));
        assertThat(more.find(Authority.parse("metrics.example:443").orElseThrow()))
                .hasValueSatisfying(
                        address -> assertThat(address.isUnresolved()).isTrue());
        assertThat(more.find(Authority.parse("kubernetes:443").orElseThrow()))
                .as("a name of the API server stays one")
                .hasValueSatisfying(
                        address -> assertThat(address.isUnresolved()).isFalse());
    }
}
