/**
 * The commands behind {@code make bench-*}.
 *
 * <p>{@link dev.hawser.benchmarks.app.BenchmarkMain} runs a bench and keeps its results, or puts kept results into the
 * documentation. Nothing else knows files, arguments or the terminal.
 */
@NullMarked
package dev.hawser.benchmarks.app;

import org.jspecify.annotations.NullMarked;
