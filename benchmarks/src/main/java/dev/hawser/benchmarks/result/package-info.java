/**
 * From samples to figures: which rounds count, medians, ratios, and the texts that show them.
 *
 * <p>{@link dev.hawser.benchmarks.result.Sample} goes in, {@link dev.hawser.benchmarks.result.Summary} makes {@link
 * dev.hawser.benchmarks.result.Figure}s of it, {@link dev.hawser.benchmarks.result.Page} and {@link
 * dev.hawser.benchmarks.result.ResultFolder} keep them. Knows nothing of how anything was measured.
 */
@NullMarked
package dev.hawser.benchmarks.result;

import org.jspecify.annotations.NullMarked;
