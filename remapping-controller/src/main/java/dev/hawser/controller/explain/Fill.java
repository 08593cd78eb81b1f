// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.explain;

import dev.hawser.api.ipam.AddressIntent;
import dev.hawser.api.ipam.BlockIntent;
import dev.hawser.api.ipam.NetworkPurpose;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.ipam.ReleasedAddress;
import dev.hawser.controller.plan.BlockPlan;
import dev.hawser.controller.plan.ClusterObjects;
import dev.hawser.controller.plan.ExposedAddress;
import dev.hawser.controller.plan.ObjectNames;
import dev.hawser.controller.plan.Succession;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.allocate.AddressBlock;
import dev.hawser.ipam.ledger.PoolUsage;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * How full a range is, in addresses. Immutable.
 *
 * @param object what grants from the range: a Pool, or the Network of an external CIDR
 * @param total what it could grant if nothing were taken
 * @param used granted, and in use
 * @param intents promised, and not yet recorded by the object it is for
 * @param cooling kept for a former holder
 * @param reserved never granted from it
 * @param free could be granted now
 * @param largestFreeLength prefix length of the largest block that could be; empty if there is none
 */
public record Fill(
        String object,
        Cidr range,
        BigInteger total,
        BigInteger used,
        BigInteger intents,
        BigInteger cooling,
        BigInteger reserved,
        BigInteger free,
        OptionalInt largestFreeLength) {
    /**
     * All ranges that anything is granted from: those of the Pool, then the external CIDRs.
     *
     * @throws AddressException if the Pool cannot be read
     */
    public static List<Fill> of(ClusterObjects cluster) {
        List<Fill> fills = new ArrayList<>();
        cluster.pool()
                .map(pool -> BlockPlan.decide(pool, cluster.intents(), cluster.networks(), cluster.inUse(), Map.of()))
                .ifPresent(outcome -> outcome.ranges().forEach(usage -> fills.add(of(cluster, usage))));
        cluster.own().externalCidrs().stream()
                .filter(cidr -> cidr.hostBits() >= 2)
                .forEach(cidr -> fills.add(external(cluster, cidr)));
        return List.copyOf(fills);
    }

    /** The part that is not free, in percent with one digit behind the point. */
    public BigDecimal percent() {
        return total.signum() == 0
                ? BigDecimal.ZERO
                : new BigDecimal(total.subtract(free).multiply(BigInteger.valueOf(100)))
                        .divide(new BigDecimal(total), 1, RoundingMode.HALF_UP);
    }

    private static Fill of(ClusterObjects cluster, PoolUsage usage) {
        Cidr range = usage.range();
        BigInteger intents = size(cluster.intents().stream()
                .filter(intent -> isOpen(cluster, intent))
                .flatMap(intent -> readable(intent.cidr()).stream())
                .filter(range::contains));
        BigInteger cooling = size(cluster.networks().stream()
                .filter(network -> isCooling(cluster, network))
                .flatMap(network -> network.recorded().stream())
                .filter(range::contains));
        BigInteger total = range.size();
        return new Fill(
                "Pool " + usage.pool(),
                range,
                total,
                usage.used().subtract(intents).subtract(cooling).max(BigInteger.ZERO),
                intents,
                cooling,
                total.subtract(usage.used()).subtract(usage.free()),
                usage.free(),
                usage.largestFreeLength());
    }

    private static boolean isOpen(ClusterObjects cluster, BlockIntent intent) {
        return cluster.networks().stream()
                .filter(network -> network.uid().equals(intent.uid()))
                .noneMatch(network -> network.recorded().isPresent());
    }

    /** A Network that stays only so that its peer would get the same name again. */
    private static boolean isCooling(ClusterObjects cluster, BlockPlan.Claim network) {
        OwnerReference owner = network.spec().owner();
        if (owner == null || network.spec().purpose() != NetworkPurpose.Remapped) {
            return false;
        }
        return cluster.peer(owner.clusterID())
                .map(peer -> !Succession.needs(
                        peer.spec(), Optional.ofNullable(peer.configuration()), network.spec(), network.status()))
                .orElse(true);
    }

    private static Fill external(ClusterObjects cluster, Cidr cidr) {
        AddressBlock block = new AddressBlock(cidr);
        BigInteger total = BigInteger.valueOf(block.free());
        long used = cluster.exposures().stream()
                .flatMap(exposure -> exposure.addresses().stream())
                .map(ExposedAddress::external)
                .filter(block::take)
                .count();
        long intents = cluster.promised(cidr).stream()
                .map(AddressIntent::address)
                .filter(text -> take(block, text))
                .count();
        long cooling = cluster.released(cidr).stream()
                .map(ReleasedAddress::address)
                .filter(text -> take(block, text))
                .count();
        return new Fill(
                "Network " + ObjectNames.externalNetwork(cidr),
                cidr,
                total,
                BigInteger.valueOf(used),
                BigInteger.valueOf(intents),
                BigInteger.valueOf(cooling),
                BigInteger.ZERO,
                BigInteger.valueOf(block.free()),
                OptionalInt.empty());
    }

    private static boolean take(AddressBlock block, String text) {
        try {
            return block.take(IpAddress.parse(text));
        } catch (AddressException editedByHand) {
            return false;
        }
    }

    private static BigInteger size(Stream<Cidr> blocks) {
        return blocks.map(Cidr::size).reduce(BigInteger.ZERO, BigInteger::add);
    }

    private static Optional<Cidr> readable(String text) {
        try {
            return Optional.of(Cidr.parse(text));
        } catch (AddressException editedByHand) {
            return Optional.empty();
        }
    }
}
