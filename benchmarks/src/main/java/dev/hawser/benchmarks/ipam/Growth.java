// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.ipam;

import dev.hawser.benchmarks.result.Summary;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.allocate.AddressBlock;
import dev.hawser.ipam.allocate.BlockSpace;
import dev.hawser.ipam.ledger.ExposureLedger;
import dev.hawser.ipam.ledger.ExposureRequest;
import dev.hawser.ipam.ledger.ExposureRound;
import dev.hawser.ipam.ledger.ExposureState;
import dev.hawser.ipam.ledger.Ledger;
import dev.hawser.ipam.ledger.LedgerState;
import dev.hawser.ipam.ledger.ObjectRef;
import dev.hawser.ipam.ledger.Request;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;

/**
 * Nanoseconds for one operation, by how many others there are. The compiler is warm: everything is done at ten thousand
 * until it no longer gets faster, and then each size several times, of which the median is taken.
 */
final class Growth {
    /** How many others there are. */
    static final List<Integer> SIZES = List.of(1_000, 10_000, 100_000, 1_000_000);

    private static final int WARM_UP = 20;
    private static final int WARM_UP_SIZE = 10_000;
    private static final int REPEATS = 3;
    private static final int OPERATIONS = 1_000_000;
    private static final long SEED = 6;
    private static final Cidr POOL = Cidr.parse("fd00::/8");
    private static final Cidr TRUTH = Cidr.parse("2001:db8:5::/48");
    private static final Cidr EXTERNAL = Cidr.parse("10.0.0.0/8");

    private Growth() {}

    static Map<String, Map<String, Double>> measure() {
        for (int i = 0; i < WARM_UP; i++) {
            once(WARM_UP_SIZE);
        }
        Map<String, Map<String, Double>> values = new LinkedHashMap<>();
        for (int size : SIZES) {
            Map<String, List<Double>> repeats = new LinkedHashMap<>();
            for (int i = 0; i < REPEATS; i++) {
                once(size)
                        .forEach((metric, value) -> repeats.computeIfAbsent(metric, _ -> new ArrayList<>())
                                .add(value));
            }
            Map<String, Double> medians = new LinkedHashMap<>();
            repeats.forEach((metric, all) -> medians.put(metric, Summary.median(all)));
            values.put(String.valueOf(size), medians);
        }
        return values;
    }

    private static Map<String, Double> once(int size) {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("address_ns", addresses(size));
        values.put("block_ns", blocks(size));
        values.put("grant_ns", grants(size));
        values.put("exposure_ns", exposures(size));
        return values;
    }

    /** Of so many addresses that are taken, and as many below them that cool down, one goes and another one is taken. */
    private static double addresses(int size) {
        AddressBlock block = new AddressBlock(EXTERNAL);
        IpAddress first = EXTERNAL.network().plus(2);
        for (int i = 0; i < size; i++) {
            block.cool(first.plus(i));
        }
        IpAddress lowest = first.plus(size);
        for (int i = 0; i < size; i++) {
            Check.that(block.takeLowest().isPresent(), "an address is left");
        }
        SplittableRandom random = new SplittableRandom(SEED);
        return timed(OPERATIONS, () -> {
            for (int i = 0; i < OPERATIONS; i++) {
                IpAddress address = lowest.plus(random.nextInt(size));
                block.release(address);
                Check.that(block.takeLowest().orElseThrow().equals(address), "the lowest is the one that went");
            }
            return block.used();
        });
    }

    /** Of so many blocks that are granted one is given back, and the best fit is taken. */
    private static double blocks(int size) {
        BlockSpace space = new BlockSpace(POOL);
        Cidr[] taken = new Cidr[size];
        for (int i = 0; i < size; i++) {
            taken[i] = space.bestFit(TRUTH.prefixLength()).orElseThrow();
            space.withhold(taken[i]);
        }
        int operations = OPERATIONS / 10;
        SplittableRandom random = new SplittableRandom(SEED);
        return timed(operations, () -> {
            for (int i = 0; i < operations; i++) {
                int which = random.nextInt(size);
                space.release(taken[which]);
                taken[which] = space.bestFit(TRUTH.prefixLength()).orElseThrow();
                space.withhold(taken[which]);
            }
            return space.freeAddresses().bitLength();
        });
    }

    /** A round of the ledger in which so many clusters with the same range get a name each; per cluster. */
    private static double grants(int size) {
        List<Request> requests = Rounds.requests(size, TRUTH);
        LedgerState state = Rounds.empty(POOL);
        return timed(size, () -> Ledger.of(state).decide(requests).intents().size());
    }

    /** A round of the ledger in which so many objects get an address each; per object. */
    private static double exposures(int size) {
        IpAddress service = IpAddress.parse("172.16.0.0");
        List<ExposureRequest> requests = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            requests.add(new ExposureRequest(new ObjectRef("shop/service-" + i, "uid-" + i), service.plus(i)));
        }
        ExposureState state = new ExposureState(EXTERNAL, List.of(), List.of(), List.of());
        return timed(size, () -> {
            ExposureRound round = ExposureLedger.of(state).decide(requests);
            return round.intents().size();
        });
    }

    private static double timed(int operations, LongSupplier work) {
        // What earlier rounds left behind is not this one's to pay for.
        System.gc();
        long start = System.nanoTime();
        long outcome = work.getAsLong();
        double nanos = System.nanoTime() - start;
        Check.that(outcome > 0, "something was done");
        return nanos / operations;
    }
}
