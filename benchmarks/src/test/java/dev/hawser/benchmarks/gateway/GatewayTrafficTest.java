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
        TcpRun run = TcpRun.parse("hawser", """
                {"start": {}, "end": {
                  "sum_sent": {"seconds": 4.0, "bytes": 1100000000, "retransmits": 7},
                  "sum_received": {"seconds": 4.0, "bytes": 1000000000}}}
                """, 5.0, 90);

        assertThat(run.gigabitsPerSecond()).isCloseTo(2.0, within(1e-9));
        assertThat(run.cpuPerGigabit()).isCloseTo(0.625, within(1e-9));
        assertThat(run.retransmits()).isEqualTo(7);
    }

    @Test
    void namesTheVariantThatCarriesNothing() {
        assertThatThrownBy(() -> TcpRun.parse("hawser", "{\"end\": {}, \"error\": \"no route to host\"}", 0, 0))
                .isInstanceOf(BenchmarkException.class)
                .hasMessage("hawser carries no TCP: no route to host");
        assertThatThrownBy(() -> TcpRun.parse("hawser", "iperf3: killed", 0, 0))
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
