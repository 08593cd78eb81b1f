// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final Metrics METRICS = Metrics.parse("""
            # HELP hawser_proxy_connects_total CONNECT requests
            # TYPE hawser_proxy_connects_total counter
            hawser_proxy_connects_total{outcome="connected"} 4.0
            hawser_proxy_connects_total{outcome="refused_target"} 2.0
            hawser_gateway_peer_rx_bytes_total{peer="genoa"} 2.00004E8
            """);

    @Test
    void addsUpTheSamplesThatCarryTheLabel() {
        assertThat(METRICS.sum("hawser_proxy_connects_total", "outcome", "connected"))
                .isEqualTo(4);
        assertThat(METRICS.sum("hawser_gateway_peer_rx_bytes_total", "peer", "genoa"))
                .isEqualTo(200_004_000);
    }

    @Test
    void countsZeroForALabelThatHasNotAppearedYet() {
        assertThat(METRICS.sum("hawser_proxy_connects_total", "outcome", "dial_failed"))
                .isZero();
    }

    @Test
    void refusesANameThatNobodyExports() {
        assertThatThrownBy(() -> METRICS.sum("hawser_proxy_connect_total", "outcome", "connected"))
                .isInstanceOf(CheckFailedException.class);
    }
}
