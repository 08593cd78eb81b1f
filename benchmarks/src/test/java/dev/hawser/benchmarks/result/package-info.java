/** Tests of {@code dev.hawser.benchmarks.result}. */
@NullMarked
package dev.hawser.benchmarks.result;

import org.jspecify.annotations.NullMarked;
