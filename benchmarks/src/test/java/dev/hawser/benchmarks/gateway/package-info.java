/** Tests of {@code dev.hawser.benchmarks.gateway}. */
@NullMarked
package dev.hawser.benchmarks.gateway;

import org.jspecify.annotations.NullMarked;
