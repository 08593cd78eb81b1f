// SPDX-License-Identifier: Apache-2.0
/**
 * Where the processor's time goes while a variant carries a stream.
 *
 * <p>{@link dev.hawser.benchmarks.profile.Profiler} watches the whole machine with perf, {@link
 * dev.hawser.benchmarks.profile.Profile} is what it saw, {@code PerfMap} has the names of what the JVMs compiled. Knows no
 * variant, only processes.
 */
@NullMarked
package dev.hawser.benchmarks.profile;

import org.jspecify.annotations.NullMarked;
