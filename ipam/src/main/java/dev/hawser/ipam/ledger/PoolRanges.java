// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.ledger;

import dev.hawser.ipam.address.Cidr;
import java.util.List;

/**
 * The ranges of one Pool object. Immutable.
 *
 * @param name the name of the object; pools are tried in the order of their names, and what two of them both have is
 *     granted from by neither
 * @param cidrs the ranges, the preferred one first: a later range is touched only when the ones before have no room
 * @param reserved ranges of which nothing new is granted; what was granted before stays
 */
public record PoolRanges(String name, List<Cidr> cidrs, List<Cidr> reserved) {
    /**
     * What a Pool holds if nobody says otherwise: RFC 1918, the range that homes and offices use last, and the locally
     * assigned half of the unique local addresses (RFC 4193).
     */
    public static final List<Cidr> DEFAULT_CIDRS = List.of(
            Cidr.parse("10.0.0.0/8"),
            Cidr.parse("172.16.0.0/12"),
            Cidr.parse("192.168.0.0/16"),
            Cidr.parse("fd00::/8"));

    public PoolRanges {
        cidrs = List.copyOf(cidrs);
        reserved = List.copyOf(reserved);
    }
}
