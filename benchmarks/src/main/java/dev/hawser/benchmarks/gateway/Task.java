// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import dev.hawser.benchmarks.result.Metric;
import dev.hawser.benchmarks.variant.Variant;
import dev.hawser.benchmarks.variant.Variants;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Something that is done with a variant in its turn, and what that tells about it. */
enum Task {
    /** One TCP stream. */
    TCP1(
            Among.ALL,
            metric("tcp1", "Gbit/s", "throughput of one TCP stream"),
            metric("cpu_per_gbit", "s/Gbit", "CPU time of both gateways per Gbit of that stream"),
            metric("rss_mb", "MB", "resident memory of the larger gateway during that stream")),
    /** Four TCP streams. */
    TCP4(Among.AEADS, metric("tcp4", "Gbit/s", "throughput of four TCP streams")),
    /** Short streams with remapping and without, to tell small differences. */
    REMAP(
            Among.WAYS,
            metric(Costs.REMAP, "%", "throughput that remapping costs"),
            metric(Costs.REMAP_CPU, "%", "CPU time per Gbit that remapping costs")),
    /** Short streams with one peer and with a hundred; with the memory that the gateways hold meanwhile. */
    PEERS(
            Among.COUNTS,
            metric(Costs.PEERS, "%", "throughput that 99 more peers cost, configured and down"),
            metric(Costs.PEERS_CPU, "%", "CPU time per Gbit that they cost"),
            metric(Costs.MEMORY, "MB", "resident memory of the larger gateway of that pair meanwhile")),
    /** Small datagrams as fast as one sender can. */
    UDP64(Among.AEADS, metric("udp64_pps", "1/s", "datagrams of 64 bytes that arrive, of a flood")),
    /** Large datagrams as fast as one sender can. */
    UDP1400(Among.AEADS, metric("udp1400_pps", "1/s", "packets of 1400 bytes that arrive, of a flood")),
    /** Round trips on an idle path. */
    RTT(
            Among.AEADS,
            metric("rtt_p50", "us", "round trip of 64 bytes over TCP, median, idle"),
            metric("rtt_p99", "us", "the same, 99 of 100 are faster")),
    /** Round trips beside a TCP stream. */
    LOADED(
            Among.AEADS,
            metric("rtt_p99_loaded", "us", "round trip of 64 bytes beside one TCP stream, 99 of 100 are faster")),
    /** One TCP stream where the sender's kernel cuts trains and the receiver's joins them. */
    NO_GSO(
            Among.AEADS,
            metric("tcp1_no_gso", "Gbit/s", "one TCP stream, link without segmentation offload"),
            metric("cpu_per_gbit_no_gso", "s/Gbit", "CPU time of both gateways per Gbit of that stream")),
    /** One TCP stream where every datagram travels alone. */
    NO_OFFLOAD(
            Among.AEADS,
            metric("tcp1_no_offload", "Gbit/s", "one TCP stream, link without any offload"),
            metric("cpu_per_gbit_no_offload", "s/Gbit", "CPU time of both gateways per Gbit of that stream")),
    /** A start of the left gateway. Last: what starts is cold. */
    START(
            Among.TUNNELS,
            metric("start_s", "s", "start of a container that was there before to the first packet through the tunnel"),
            metric("start_new_s", "s", "the same in a new pod, which has to ask the API server first"));

    /** Every metric, in the order of results. */
    static final List<Metric> METRICS =
            Arrays.stream(values()).flatMap(task -> task.metrics.stream()).toList();

    /** Who takes part. */
    private enum Among {
        ALL,
        AEADS,
        WAYS,
        COUNTS,
        TUNNELS
    }

    private final Among among;

    // Made by List.of, which Error Prone cannot know here.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Metric> metrics;

    Task(Among among, Metric... metrics) {
        this.among = among;
        this.metrics = List.of(metrics);
    }

    private static Metric metric(String name, String unit, String meaning) {
        return new Metric(name, unit, meaning);
    }

    /** What gives these metrics, in the order of a round; all if none is named. */
    static List<Task> giving(Set<String> names) {
        return Stream.of(values())
                .filter(task -> names.isEmpty()
                        || task.metrics.stream().map(Metric::name).anyMatch(names::contains))
                .toList();
    }

    /** How often each variant has its turn within one round. */
    int turns() {
        return switch (this) {
            // Ratios have a standard deviation of 9 to 12 %. What remapping costs is to be told from 2 %.
            case REMAP -> 24;
            // What 99 peers cost is to be told from 5 %.
            case PEERS -> 8;
            // On which cores threads wake differs from turn to turn: medians of one variant lie up to a fifth apart.
            case RTT -> 2;
            default -> 1;
        };
    }

    /**
     * Whether all its rounds come behind those of the others: news of 99 peers keeps the API server busy for a while, and what
     * starts is cold.
     */
    boolean isApart() {
        return comparesOnePair() || this == START;
    }

    /** Whether it tells small differences between states of one pair of gateways, so that these must be warm. */
    boolean comparesOnePair() {
        return this == REMAP || this == PEERS;
    }

    /** Whether a variant takes part. */
    boolean takes(Variant variant) {
        String name = variant.name();
        boolean aead = Variants.AEADS.contains(name);
        boolean pair = Variants.PAIR.contains(name);
        return switch (among) {
            case ALL -> !pair;
            case AEADS -> aead || name.equals(Variants.BASELINE) || name.equals(Variants.DIRECT);
            case TUNNELS -> aead || name.equals(Variants.BASELINE);
            case WAYS -> pair && !name.equals(Variants.PEERS_100);
            case COUNTS -> pair && !name.equals(Variants.NO_REMAP);
        };
    }
}
