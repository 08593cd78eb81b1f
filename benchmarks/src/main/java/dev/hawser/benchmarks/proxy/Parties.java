// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.proxy;

import dev.hawser.benchmarks.machine.ProcessStat;

/**
 * The two ends that every contender is measured between.
 *
 * @param target process id of a {@link LoadTarget}; the clients are this JVM
 */
record Parties(long target) {
    /** What everybody has spent so far. */
    Spent spent(Contender contender) {
        return new Spent(
                contender.cpuSeconds(),
                ProcessStat.of(ProcessHandle.current().pid()).ownSeconds(),
                ProcessStat.of(target).ownSeconds());
    }
}
