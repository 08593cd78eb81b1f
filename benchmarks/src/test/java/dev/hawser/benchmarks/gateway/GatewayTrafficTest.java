// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.hawser.benchmarks.BenchmarkException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class GatewayTrafficTest {
    @Test
    void countsWhatArrivedInTheReportOfIperf() {
        Iperf.Result run = Iperf.parse("openssl", """
                {"start": {}, "end": {
                  "sum_sent": {"seconds": 4.0, "bytes": 1100000000, "retransmits": 7},
                  "sum_received": {"seconds": 4.0, "bytes": 1000000000}}}
                """, 5.0, 90);

        assertThat(run.gigabitsPerSecond()).isCloseTo(2.0, within(1e-9));
        assertThat(run.cpuPerGigabit()).isCloseTo(0.625, within(1e-9));
        assertThat(run.retransmits()).isEqualTo(7);
    }

    @Test
    void countsDatagramsThatArrivedNotThoseThatWereSent() {
        Iperf.Result run = Iperf.parse("openssl", """
                {"end": {"sum": {"seconds": 2.0, "packets": 200000, "lost_packets": 150000, "lost_percent": 75}}}
                """, 5.0, 90);

        assertThat(run.packetsPerSecond()).isCloseTo(25_000, within(1e-9));
    }

    @Test
    void namesTheVariantThatCarriesNothing() {
        assertThatThrownBy(() -> Iperf.parse("openssl", "{\"end\": {}, \"error\": \"no route to host\"}", 0, 0))
                .isInstanceOf(BenchmarkException.class)
                .hasMessage("openssl carries nothing: no route to host");
        assertThatThrownBy(() -> Iperf.parse("openssl", "iperf3: killed", 0, 0))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("iperf3: killed");
    }

    @Test
    void tellsQuantilesOfRoundTripsInMicroseconds() {
        PingPong trips = PingPong.of(LongStream.rangeClosed(1, 1000)
                .map(micros -> (1001 - micros) * 1000)
                .toArray());

        assertThat(trips).isEqualTo(new PingPong(500, 990, 1000));
        assertThat(PingPong.of(new long[] {2_500})).isEqualTo(new PingPong(2.5, 2.5, 1));
    }

    @Test
    void comparesWithAWireGuardGoThatIsNoOlderThanTheFirstThatCounts() throws Exception {
        // Against anything older a ratio flatters us: it had no segmentation offloads, or slower ones.
        String version = Files.readAllLines(Path.of("wireguard-go", "go.mod")).stream()
                .filter(line -> line.contains("golang.zx2c4.com/wireguard v"))
                .map(line -> line.replaceAll(".*(v0\\.0\\.0-\\d+).*", "$1"))
                .findFirst()
                .orElse("none");

        assertThat(version).isGreaterThanOrEqualTo("v0.0.0-20260522");
    }
}
