/**
 * The gateway beside the newest wireguard-go and beside no tunnel at all: throughput, CPU, latency, memory.
 *
 * <p>Each {@link dev.hawser.benchmarks.gateway.Variant} has a {@link dev.hawser.benchmarks.gateway.NodePair} of its own, all
 * of one build: two nodes joined by a veth pair, a pod behind the bridge of each. Traffic is always from pod to pod. {@link
 * dev.hawser.benchmarks.gateway.GatewayBenchmark} takes turns between them. Knows no class of the gateway but its main.
 */
@NullMarked
package dev.hawser.benchmarks.gateway;

import org.jspecify.annotations.NullMarked;
