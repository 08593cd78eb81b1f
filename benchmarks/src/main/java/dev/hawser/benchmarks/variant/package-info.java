// SPDX-License-Identifier: Apache-2.0
/**
 * What is measured: ways from a pod to a pod, each on two nodes of its own in one laboratory.
 *
 * <p>{@link dev.hawser.benchmarks.variant.Bench} sets up the {@link dev.hawser.benchmarks.variant.Variant}s that are asked
 * for by name. Ours run from the unpacked image ({@code ShippedGateway}): its Java runtime, its JVM options and its class
 * cache, with the settings of the manifests and a real API server behind their informers. Knows no measurement.
 */
@NullMarked
package dev.hawser.benchmarks.variant;

import org.jspecify.annotations.NullMarked;
