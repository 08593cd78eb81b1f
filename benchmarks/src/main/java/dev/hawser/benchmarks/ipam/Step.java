// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.ipam;

import java.util.Map;

/** One measurement, made once in a JVM of its own. */
public enum Step {
    /** A million addresses taken and given back. */
    ALLOCATIONS("64m"),
    /** 65,536 blocks granted in one round. */
    BLOCKS("256m"),
    /** Both ledgers read and decided anew from what 100,000 objects record. */
    REBUILD("256m"),
    /** What one operation costs beside a thousand, ten thousand, a hundred thousand and a million others. */
    GROWTH("4g");

    private final String heap;

    Step(String heap) {
        this.heap = heap;
    }

    /** The heap that its JVM gets, as {@code -Xmx} takes it. */
    String heap() {
        return heap;
    }

    /** Measures in this JVM: values by name of metric, by variant. */
    public Map<String, Map<String, Double>> measure() {
        return switch (this) {
            case ALLOCATIONS -> Allocations.measure();
            case BLOCKS -> Rounds.blocks();
            case REBUILD -> Rounds.rebuild();
            case GROWTH -> Growth.measure();
        };
    }
}
