/**
 * What the address management costs by itself: the real ledgers and structures, without an API server.
 *
 * <p>{@link dev.hawser.benchmarks.ipam.Step} measures one thing and is run in a JVM of its own, {@link
 * dev.hawser.benchmarks.ipam.IpamBenchmark} runs the steps round by round and makes figures of what they say. Nothing is
 * simulated and nothing warmed up but where a step says so.
 */
@NullMarked
package dev.hawser.benchmarks.ipam;

import org.jspecify.annotations.NullMarked;
