// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.ipam;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.allocate.AddressBlock;
import java.util.Map;
import java.util.Optional;

/** A million external addresses: handed out, then given back in an order that jumps about, so that they cool down. */
final class Allocations {
    private static final int COUNT = 1_000_000;
    /** Without a common factor with the count, so that its multiples come by every number once. */
    private static final long JUMP = 611_953;

    private static final Cidr EXTERNAL = Cidr.parse("10.0.0.0/8");
    /** After the network and the gateway address. */
    private static final IpAddress FIRST = EXTERNAL.network().plus(2);

    private Allocations() {}

    static Map<String, Map<String, Double>> measure() {
        long start = System.nanoTime();
        AddressBlock block = new AddressBlock(EXTERNAL);
        for (int i = 0; i < COUNT; i++) {
            Check.that(block.takeLowest().isPresent(), "an address is left");
        }
        long taken = System.nanoTime() - start;

        double heap = liveHeap();
        Check.that(block.used() == COUNT, "a million addresses are taken");

        start = System.nanoTime();
        for (long i = 0; i < COUNT; i++) {
            IpAddress address = FIRST.plus(i * JUMP % COUNT);
            Check.that(block.release(address), "a taken address can be given back");
            block.cool(address);
        }
        long released = System.nanoTime() - start;

        Check.that(block.used() == 0, "all are given back");
        Check.that(block.takeLowest().equals(Optional.of(FIRST.plus(COUNT))), "what cools down is nobody's");
        return Map.of(IpamBenchmark.SUBJECT, Map.of("alloc_1m_s", (taken + released) / 1e9, "heap_mb", heap));
    }

    /** Everything that lives on the heap of this JVM, in MB. */
    private static double liveHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / 1e6;
    }
}
