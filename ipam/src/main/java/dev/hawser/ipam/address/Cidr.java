// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.address;

import java.math.BigInteger;

/**
 * A CIDR block whose host bits are zero. Immutable, safe for every thread; ordered by network address, then shorter
 * prefix first, so that an enclosing block stands before what it contains.
 *
 * @param network the first address of the block
 * @param prefixLength the number of leading bits that every address of the block shares, 0 to {@code family().bits()}
 */
public record Cidr(IpAddress network, int prefixLength) implements Comparable<Cidr> {
    public Cidr {
        requireLength(network, prefixLength);
        if (!masked(network, prefixLength).equals(network)) {
            throw new AddressException(network + "/" + prefixLength + " has host bits set; did you mean "
                    + masked(network, prefixLength) + "/" + prefixLength + "?");
        }
    }

    /**
     * The block that {@code text} stands for: an address as {@link IpAddress#parse} reads it, a slash and a decimal
     * prefix length without leading zeros, with no host bit set.
     *
     * @throws AddressException if the text is anything else; the message says what to write
     */
    public static Cidr parse(String text) {
        return AddressText.cidr(text);
    }

    /** The block that begins at {@code network}; refuses host bits. */
    public static Cidr of(IpAddress network, int prefixLength) {
        return new Cidr(network, prefixLength);
    }

    /** The block of this length that holds {@code any}; its host bits are cleared. */
    public static Cidr enclosing(IpAddress any, int prefixLength) {
        requireLength(any, prefixLength);
        return new Cidr(masked(any, prefixLength), prefixLength);
    }

    /** The block of this one address: a /32 or /128. */
    public static Cidr host(IpAddress address) {
        return new Cidr(address, address.family().bits());
    }

    /** The family of every address in the block. */
    public Family family() {
        return network.family();
    }

    /** The upper half of the network mask, in the frame of {@link IpAddress}. */
    public long maskHigh() {
        return maskHigh(family(), prefixLength);
    }

    /** The lower half of the network mask, in the frame of {@link IpAddress}; host bits are zero. */
    public long maskLow() {
        return maskLow(family(), prefixLength);
    }

    /** The number of host bits: the block has 2 to this power addresses. */
    public int hostBits() {
        return family().bits() - prefixLength;
    }

    /** The number of addresses in the block, the first and the last included. */
    public BigInteger size() {
        return BigInteger.ONE.shiftLeft(hostBits());
    }

    /**
     * The block of twice the size that this one is a half of.
     *
     * @throws AddressException for a whole family, prefix length 0
     */
    public Cidr parent() {
        return enclosing(network, prefixLength - 1);
    }

    /**
     * The other half of {@link #parent}.
     *
     * @throws AddressException for a whole family, prefix length 0
     */
    public Cidr sibling() {
        Cidr parent = parent();
        return enclosing(network.equals(parent.network) ? parent.last() : parent.network, prefixLength);
    }

    /** Whether the address lies in the block; false for one of the other family. */
    public boolean contains(IpAddress address) {
        return address.family() == family()
                && (address.high() & maskHigh()) == network.high()
                && (address.low() & maskLow()) == network.low();
    }

    /** Whether every address of {@code other} lies in this block; a block contains itself. */
    public boolean contains(Cidr other) {
        return other.prefixLength >= prefixLength && contains(other.network);
    }

    /** Whether the two share an address. CIDRs nest or are disjoint, so this is containment one way or the other. */
    public boolean overlaps(Cidr other) {
        return contains(other) || other.contains(this);
    }

    /** The first address: the network address, for IPv6 the subnet-router anycast address (RFC 4291 section 2.6.1). */
    public IpAddress first() {
        return network;
    }

    /** The last address: for IPv4 the broadcast address. */
    public IpAddress last() {
        return switch (family()) {
            case IPV4 -> IpAddress.ofIpv4((int) (network.low() | ~maskLow()));
            case IPV6 -> new IpAddress(Family.IPV6, network.high() | ~maskHigh(), network.low() | ~maskLow());
        };
    }

    /**
     * The address after the first: in an external CIDR the gateway address.
     *
     * @throws AddressException if the block has fewer than four addresses, so that none or only the gateway's is usable
     */
    public IpAddress firstUsable() {
        if (hostBits() < 2) {
            throw new AddressException(
                    this + " is too small: after its network, broadcast and gateway address nothing is"
                            + " left; use a /" + (family().bits() - 2) + " or shorter");
        }
        return network.plus(1);
    }

    /** Whether the address lies in the block and is neither its first (network) nor its last (broadcast) one. */
    public boolean usable(IpAddress address) {
        return contains(address) && !address.equals(network) && !address.equals(last());
    }

    @Override
    public int compareTo(Cidr other) {
        int byNetwork = network.compareTo(other.network);
        return byNetwork != 0 ? byNetwork : Integer.compare(prefixLength, other.prefixLength);
    }

    /** The canonical text, for example {@code 10.1.0.0/16} or {@code 2001:db8::/32}. */
    @Override
    public String toString() {
        return network + "/" + prefixLength;
    }

    private static void requireLength(IpAddress address, int prefixLength) {
        int bits = address.family().bits();
        if (prefixLength < 0 || prefixLength > bits) {
            throw new AddressException(address + "/" + prefixLength + " has an impossible prefix length; an "
                    + address.family() + " prefix has 0 to " + bits + " bits");
        }
    }

    private static IpAddress masked(IpAddress address, int prefixLength) {
        Family family = address.family();
        return new IpAddress(
                family, address.high() & maskHigh(family, prefixLength), address.low() & maskLow(family, prefixLength));
    }

    private static long maskHigh(Family family, int prefixLength) {
        return leadingOnes(Math.min(family.unusedBits() + prefixLength, Long.SIZE));
    }

    private static long maskLow(Family family, int prefixLength) {
        return leadingOnes(Math.max(family.unusedBits() + prefixLength - Long.SIZE, 0));
    }

    /** A word with {@code count} leading ones, 0 to 64; Java shifts by the count modulo 64, so 0 stands apart. */
    private static long leadingOnes(int count) {
        return count == 0 ? 0 : -1L << (Long.SIZE - count);
    }
}
