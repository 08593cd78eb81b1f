/** Tests of {@code dev.hawser.benchmarks.profile}. */
@NullMarked
package dev.hawser.benchmarks.profile;

import org.jspecify.annotations.NullMarked;
