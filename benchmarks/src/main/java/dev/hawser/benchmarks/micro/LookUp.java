// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.micro;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.route.PrefixTable;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The look-up of a destination among the ranges of all peers; every packet a different one. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LookUp {
    private static final int ADDRESSES = 1 << 12;
    private static final long SEED = 5;

    /** How many ranges there are, one for each peer. */
    @Param({"10", "100", "1000", "10000"})
    public int prefixes;

    /** As the enum has it. */
    @Param({"IPV4", "IPV6"})
    public Family family = Family.IPV4;

    private PrefixTable<Integer> table = PrefixTable.of(Map.of());
    private final long[] high = new long[ADDRESSES];
    private final long[] low = new long[ADDRESSES];
    private int next;

    /** Ranges side by side, as a pool grants them: /24 of 10.0.0.0/8, and /56 of a /40. */
    @Setup
    public void fill() {
        Map<Cidr, Integer> ranges = new HashMap<>();
        boolean ipv4 = family == Family.IPV4;
        long step = ipv4 ? 1L << 8 : 0;
        long highStep = ipv4 ? 0 : 1L << 8;
        IpAddress first = IpAddress.parse(ipv4 ? "10.0.0.0" : "fd00:1000::");
        for (int i = 0; i < prefixes; i++) {
            IpAddress network = new IpAddress(family, first.high() + i * highStep, first.low() + i * step);
            ranges.put(Cidr.of(network, ipv4 ? 24 : 56), i);
        }
        table = PrefixTable.of(ranges);
        SplittableRandom random = new SplittableRandom(SEED);
        for (int i = 0; i < ADDRESSES; i++) {
            int range = random.nextInt(prefixes);
            high[i] = first.high() + range * highStep;
            low[i] = first.low() + range * step + random.nextInt(256);
        }
    }

    /** One packet. */
    @Benchmark
    public @Nullable Integer find() {
        int at = next++ & (ADDRESSES - 1);
        return table.find(family, high[at], low[at]);
    }
}
