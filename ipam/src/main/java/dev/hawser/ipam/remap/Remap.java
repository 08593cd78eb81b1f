// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.remap;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;

/**
 * The swap of prefix {@code from} for prefix {@code to}: {@code mapped = to | (address & hostmask)}. Both have the same
 * family and length, so it is a bijection and its inverse is a remap again. Immutable, safe for every thread.
 *
 * @param from the range whose addresses are rewritten
 * @param to the range they are rewritten into
 */
public record Remap(Cidr from, Cidr to) {
    private static final int WORD = 0xffff;

    public Remap {
        if (from.family() != to.family() || from.prefixLength() != to.prefixLength()) {
            throw new AddressException("cannot remap " + from + " to " + to
                    + ": a 1:1 remap needs two ranges of one family and one length; choose another /"
                    + from.prefixLength() + " of " + from.family());
        }
    }

    /**
     * The address under the other prefix; its host bits stay.
     *
     * @throws AddressException if {@link #covers} says no
     */
    public IpAddress apply(IpAddress address) {
        if (!covers(address)) {
            throw new AddressException(address + " lies outside " + from + ", so the remap to " + to
                    + " has no name for it; ask covers() first");
        }
        return new IpAddress(
                address.family(),
                to.network().high() | (address.high() & ~to.maskHigh()),
                to.network().low() | (address.low() & ~to.maskLow()));
    }

    /** The way back: {@code inverse().apply(apply(a))} is {@code a}. */
    public Remap inverse() {
        return new Remap(to, from);
    }

    /** Whether {@link #apply} has an answer for the address. */
    public boolean covers(IpAddress address) {
        return from.contains(address);
    }

    /**
     * What rewriting one address adds to an Internet checksum that covers it: the ones'-complement sum of {@code ~from}
     * and {@code to} over their 16-bit words, 0 to 0xfffe. By RFC 1624 equation 3 the new checksum is
     * {@code ~fold(~old + delta)}. It is one constant per remap because host bits stay: in a word that holds both, prefix
     * and host bits do not carry into each other.
     */
    public int checksumDelta() {
        long sum = sumOfWords(to.network()) + sumOfWords(complementOfPrefix());
        while (sum > WORD) {
            sum = (sum & WORD) + (sum >>> Short.SIZE);
        }
        // 0xffff is the second zero of ones' complement; one zero is enough, and "equal prefixes change nothing" reads.
        return sum == WORD ? 0 : (int) sum;
    }

    /** {@code ~from} over all bits of the family; complemented host words are 0xffff each, a zero of the sum. */
    private IpAddress complementOfPrefix() {
        IpAddress network = from.network();
        return switch (network.family()) {
            case IPV4 -> IpAddress.ofIpv4(~network.ipv4Bits());
            case IPV6 -> new IpAddress(network.family(), ~network.high(), ~network.low());
        };
    }

    private static long sumOfWords(IpAddress address) {
        return sumOfWords(address.high()) + sumOfWords(address.low());
    }

    private static long sumOfWords(long bits) {
        return (bits >>> 48) + (bits >>> 32 & WORD) + (bits >>> 16 & WORD) + (bits & WORD);
    }
}
