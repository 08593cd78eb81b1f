/**
 * What the kernel says about this machine: CPU time and memory of processes, and how much of the CPU went elsewhere.
 *
 * <p>{@link dev.hawser.benchmarks.machine.ProcessStat} is one process, {@link dev.hawser.benchmarks.machine.CpuSnapshot}
 * all of them, {@link dev.hawser.benchmarks.machine.MachineFacts} what a reader of a result must know. Knows no benchmark.
 */
@NullMarked
package dev.hawser.benchmarks.machine;

import org.jspecify.annotations.NullMarked;
