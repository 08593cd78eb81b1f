// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.math.BigInteger;
import java.util.OptionalInt;

/**
 * How full one range of a pool is, in addresses; what is neither used nor free is reserved. Immutable.
 *
 * @param pool the name of the pool
 * @param range the range
 * @param used addresses that are granted or promised by an intent
 * @param free addresses that can be granted
 * @param largestFreeLength the prefix length of the largest block that can be granted; empty if the range is full
 */
public record PoolUsage(String pool, Cidr range, BigInteger used, BigInteger free, OptionalInt largestFreeLength) {
    @Override
    public String toString() {
        String largest =
                largestFreeLength.isPresent() ? "largest free block /" + largestFreeLength.getAsInt() : "nothing free";
        return "Pool " + pool + " " + range + ": " + used + " addresses used, " + free + " free, " + largest;
    }
}
