// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.ipam;

import dev.hawser.benchmarks.BenchmarkException;

/** What was measured must have been done, too. */
final class Check {
    private Check() {}

    static void that(boolean holds, String what) {
        if (!holds) {
            throw new BenchmarkException("this does not hold while it is measured: " + what);
        }
    }
}
