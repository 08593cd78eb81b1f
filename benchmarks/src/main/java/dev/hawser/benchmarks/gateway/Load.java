// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.variant.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** What a variant is watched at, to see what bounds its figures. A start is not: a JVM that tells names has no class cache. */
enum Load {
    TCP1("one TCP stream", "tcp1, cpu_per_gbit, remap_cost, peers100_cost"),
    TCP4("four TCP streams", "tcp4"),
    UDP64("a flood of datagrams of 64 bytes", "udp64_pps"),
    UDP1400("a flood of packets of 1400 bytes", "udp1400_pps"),
    RTT("round trips of 64 bytes", "rtt_p50, rtt_p99");

    private final String title;
    private final String figures;

    Load(String title, String figures) {
        this.title = title;
        this.figures = figures;
    }

    /** In a sentence. */
    String title() {
        return title;
    }

    /** The figures that it bounds. */
    String figures() {
        return figures;
    }

    /**
     * Lets the variant do it.
     *
     * @param report a file that does not exist yet
     * @return what came out, for people
     */
    String carry(Variant variant, int seconds, Path report) {
        return switch (this) {
            case TCP1 -> stream(Iperf.run(variant, seconds, report));
            case TCP4 -> stream(Iperf.run(variant, seconds, report, "--parallel", "4"));
            case UDP64 -> flood(variant, seconds, report, "64");
            case UDP1400 -> flood(variant, seconds, report, Turn.LARGE);
            case RTT ->
                said(
                        "%.0f us",
                        PingPong.run(variant, Duration.ofSeconds(seconds)).p50Micros());
        };
    }

    private static String stream(Iperf.Result stream) {
        return said("%.2f Gbit/s", stream.gigabitsPerSecond());
    }

    private static String flood(Variant variant, int seconds, Path report, String length) {
        Iperf.Result flood = Iperf.run(variant, seconds, report, "--udp", "--bitrate", "0", "--length", length);
        return said("%.0f/s", flood.packetsPerSecond());
    }

    private static String said(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
