// SPDX-License-Identifier: Apache-2.0
/**
 * What single steps of the packet path cost, measured by JMH in JVMs of their own.
 *
 * <p>{@link dev.hawser.benchmarks.micro.MicroBenchmarks} runs {@link dev.hawser.benchmarks.micro.LookUp}, {@link
 * dev.hawser.benchmarks.micro.Rewrite} and {@link dev.hawser.benchmarks.micro.Aead}. They say how a step grows and which is
 * worth work; what the whole is worth, only {@code gateway} says.
 */
@NullMarked
package dev.hawser.benchmarks.micro;

import org.jspecify.annotations.NullMarked;
