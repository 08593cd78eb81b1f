// SPDX-License-Identifier: Apache-2.0
/**
 * What is measured of a gateway: throughput, CPU, packets, latency, memory, start.
 *
 * <p>{@link dev.hawser.benchmarks.gateway.GatewayBenchmark} lets the variants take turns, task by task ({@code Task}), with
 * traffic from pod to pod: {@code Iperf}, {@code PingPong}, {@code FirstPacket}. Knows nothing of what carries the packets.
 */
@NullMarked
package dev.hawser.benchmarks.gateway;

import org.jspecify.annotations.NullMarked;
