// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.target;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.util.List;

/**
 * Addresses that a name must never lead to: the proxy's own host, its link, groups, and where clouds give credentials to
 * whoever asks. One that is meant has to be named as an address.
 */
final class Prohibited {
    // Metadata services outside the link-local ranges: AWS over IPv6, Alibaba, Azure.
    private static final List<Cidr> METADATA =
            List.of(Cidr.parse("fd00:ec2::/32"), Cidr.parse("100.100.100.200/32"), Cidr.parse("168.63.129.16/32"));
    private static final List<Cidr> OTHERS =
            List.of(Cidr.parse("0.0.0.0/8"), Cidr.parse("240.0.0.0/4"), Cidr.parse("::/96"), Cidr.parse("fec0::/10"));
    // Spellings of an IPv4 address in IPv6, the last 32 bits being it: mapped (RFC 4291) and NAT64 (RFC 6052).
    // The first cannot be written down, because programs disagree about it.
    private static final List<Cidr> EMBEDDING =
            List.of(Cidr.enclosing(new IpAddress(Family.IPV6, 0, 0xffff_0000_0000L), 96), Cidr.parse("64:ff9b::/96"));

    private Prohibited() {}

    static boolean contains(IpAddress address) {
        if (address.family() == Family.IPV6 && any(EMBEDDING, address)) {
            return contains(IpAddress.ofIpv4((int) address.low()));
        }
        return address.isLoopback()
                || address.isLinkLocal()
                || address.isMulticast()
                || address.isUnspecified()
                || any(METADATA, address)
                || any(OTHERS, address);
    }

    private static boolean any(List<Cidr> cidrs, IpAddress address) {
        return cidrs.stream().anyMatch(cidr -> cidr.contains(address));
    }
}
