// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.result.Metric;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** What a contender does in its turn, a load that it carries most of the time, and what that tells about it. */
enum ProxyTask {
    /** One stream from the target to the client. */
    BULK1(
            new Metric("bulk1", "Gbit/s", "one stream from the target"),
            new Metric("bulk1_cpu", "s/Gbit", "CPU time of the proxy per Gbit of it"),
            new Metric("bulk1_cpu_ends", "s/Gbit", "CPU time of client and target per Gbit of it")),
    /** As many streams as a busy cluster has log readers. */
    BULK64(
            new Metric("bulk64", "Gbit/s", "64 streams from the target, together"),
            new Metric("bulk64_cpu", "s/Gbit", "CPU time of the proxy per Gbit of them"),
            new Metric("bulk64_cpu_ends", "s/Gbit", "CPU time of client and target per Gbit of them")),
    /** The same streams, one of which nobody reads every now and then. */
    STALLED(new Metric("stalled_cost", "%", "speed that the others of 64 streams lose when one is not read")),
    /** Tunnels that are opened and closed at once. */
    CONNECTS(
            new Metric("connect_rate", "1/s", "tunnels opened, used for one byte each way and closed"),
            new Metric("connect_cpu", "us", "CPU time of the proxy for each"),
            new Metric("connect_cpu_ends", "us", "CPU time of client and target for each")),
    /** Being started. */
    START(true, new Metric("start_s", "s", "from its start until it has opened a tunnel")),
    /** Thousands of tunnels that say nothing, and one that does. */
    IDLE(
            true,
            new Metric("echo_p50_9000", "us", "round trip of 64 bytes beside 9,000 idle tunnels, median"),
            new Metric("echo_p99_9000", "us", "the same, 99 of 100 are faster"),
            new Metric("kb_per_tunnel", "KB", "resident memory of the proxy that each idle tunnel takes"),
            new Metric("connect_cpu_10", "us", "CPU time of the proxy for each tunnel opened and closed beside 10"),
            new Metric("connect_cpu_9000", "us", "the same beside 9,000"),
            new Metric("connect_growth", "ratio", "the second as a multiple of the first"));

    /** Every metric, in the order of results. */
    static final List<Metric> METRICS =
            Arrays.stream(values()).flatMap(task -> task.metrics.stream()).toList();

    // Made by List.of, which Error Prone cannot know here.
    @SuppressWarnings("ImmutableEnumChecker")
    private final List<Metric> metrics;

    private final boolean cold;

    ProxyTask(Metric... metrics) {
        this(false, metrics);
    }

    ProxyTask(boolean cold, Metric... metrics) {
        this.cold = cold;
        this.metrics = List.of(metrics);
    }

    /** Whether the turn itself starts the contender, and ends it. */
    boolean cold() {
        return cold;
    }

    /** What must be done to get these metrics; everything if there are none. */
    static List<ProxyTask> giving(Set<String> names) {
        return Arrays.stream(values())
                .filter(task ->
                        names.isEmpty() || task.metrics.stream().anyMatch(metric -> names.contains(metric.name())))
                .toList();
    }
}
