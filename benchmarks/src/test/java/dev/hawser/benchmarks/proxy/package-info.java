/** Tests of {@code dev.hawser.benchmarks.proxy}. */
@NullMarked
package dev.hawser.benchmarks.proxy;

import org.jspecify.annotations.NullMarked;
