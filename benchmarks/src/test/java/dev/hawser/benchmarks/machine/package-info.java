/** Tests of {@code dev.hawser.benchmarks.machine}. */
@NullMarked
package dev.hawser.benchmarks.machine;

import org.jspecify.annotations.NullMarked;
