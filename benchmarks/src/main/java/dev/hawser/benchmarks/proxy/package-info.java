// SPDX-License-Identifier: Apache-2.0
/**
 * The bench of the API server proxy: {@link dev.hawser.benchmarks.proxy.ProxyBenchmark} lets ours, squid, tinyproxy,
 * haproxy and no proxy at all carry the same loads in turns.
 *
 * <p>Must not know: the proxy's classes. Ours is a process of the shipped image like the others are of their packages.
 */
@NullMarked
package dev.hawser.benchmarks.proxy;

import org.jspecify.annotations.NullMarked;
