// SPDX-License-Identifier: Apache-2.0
package dev.hawser.ipam.address;

import inet.ipaddr.ipv6.IPv6Address;
import java.nio.ByteBuffer;

/**
 * An IPv4 or IPv6 address in a 128-bit frame: IPv6 fills both halves, IPv4 stands in the low 32 bits of {@code low} and
 * everything above is zero. Immutable, safe for every thread; ordered by family, then as an unsigned number.
 *
 * @param family which of the two
 * @param high the upper 64 bits; zero for IPv4
 * @param low the lower 64 bits
 */
public record IpAddress(Family family, long high, long low) implements Comparable<IpAddress> {
    private static final long IPV4_MASK = 0xffff_ffffL;

    public IpAddress {
        if (family == Family.IPV4 && (high != 0 || (low & ~IPV4_MASK) != 0)) {
            throw new AddressException("IPv4 address with bits above the low 32: high=0x" + Long.toHexString(high)
                    + " low=0x" + Long.toHexString(low) + "; pass high=0 and low & 0xffffffffL");
        }
    }

    /**
     * The address that {@code text} stands for, read strictly: four decimal numbers without leading zeros, or the hex
     * groups of RFC 4291 section 2.2 (forms 1 and 2).
     *
     * @throws AddressException if the text is anything else; the message says what to write
     */
    public static IpAddress parse(String text) {
        return AddressText.address(text);
    }

    /** The IPv4 address with these 32 bits, most significant byte first as in a packet header. */
    public static IpAddress ofIpv4(int bits) {
        return new IpAddress(Family.IPV4, 0, bits & IPV4_MASK);
    }

    /** The address in network byte order; four bytes are IPv4, sixteen IPv6. The array is copied. */
    public static IpAddress ofBytes(byte[] bytes) {
        return switch (bytes.length) {
            case 4 -> ofIpv4(ByteBuffer.wrap(bytes).getInt());
            case 16 -> {
                var buffer = ByteBuffer.wrap(bytes);
                yield new IpAddress(Family.IPV6, buffer.getLong(), buffer.getLong());
            }
            default ->
                throw new AddressException("an address has 4 (IPv4) or 16 (IPv6) bytes, not " + bytes.length
                        + "; pass exactly the address field of the header");
        };
    }

    /** A new array in network byte order: four bytes for IPv4, sixteen for IPv6. */
    public byte[] toBytes() {
        return switch (family) {
            case IPV4 -> ByteBuffer.allocate(4).putInt((int) low).array();
            case IPV6 -> ByteBuffer.allocate(16).putLong(high).putLong(low).array();
        };
    }

    /** The 32 bits of an IPv4 address. */
    public int ipv4Bits() {
        if (family != Family.IPV4) {
            throw new AddressException(this + " is IPv6 and has no 32-bit form; ask for family() first");
        }
        return (int) low;
    }

    /**
     * The address {@code count} places above.
     *
     * @param count zero or more
     * @throws AddressException past the end of the family, or if {@code count} is negative
     */
    public IpAddress plus(long count) {
        requireNonNegative(count);
        long sum = low + count;
        boolean carry = Long.compareUnsigned(sum, low) < 0;
        boolean past = family == Family.IPV4 ? sum < 0 || sum > IPV4_MASK : carry && high == -1L;
        if (past) {
            throw new AddressException(this + " plus " + count + " lies past the last " + family + " address");
        }
        return new IpAddress(family, carry ? high + 1 : high, sum);
    }

    /**
     * The address {@code count} places below.
     *
     * @param count zero or more
     * @throws AddressException before the first address of the family, or if {@code count} is negative
     */
    public IpAddress minus(long count) {
        requireNonNegative(count);
        boolean borrow = Long.compareUnsigned(count, low) > 0;
        if (borrow && high == 0) {
            throw new AddressException(this + " minus " + count + " lies before the first " + family + " address");
        }
        return new IpAddress(family, borrow ? high - 1 : high, low - count);
    }

    private static void requireNonNegative(long count) {
        if (count < 0) {
            throw new AddressException(
                    "cannot count " + count + " places; use minus() for plus() of a negative number");
        }
    }

    /** Whether this is in 127.0.0.0/8 or is ::1. */
    public boolean isLoopback() {
        return switch (family) {
            case IPV4 -> low >>> 24 == 127;
            case IPV6 -> high == 0 && low == 1;
        };
    }

    /** Whether this is in 169.254.0.0/16 (cloud metadata included) or fe80::/10. */
    public boolean isLinkLocal() {
        return switch (family) {
            case IPV4 -> low >>> 16 == 0xa9fe;
            case IPV6 -> high >>> 54 == 0xfe80 >>> 6;
        };
    }

    /** Whether this is in 224.0.0.0/4 or ff00::/8. */
    public boolean isMulticast() {
        return switch (family) {
            case IPV4 -> low >>> 28 == 0xe;
            case IPV6 -> high >>> 56 == 0xff;
        };
    }

    /** Whether this is 0.0.0.0 or ::. */
    public boolean isUnspecified() {
        return high == 0 && low == 0;
    }

    @Override
    public int compareTo(IpAddress other) {
        int byFamily = family.compareTo(other.family);
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        return byHigh != 0 ? byHigh : Long.compareUnsigned(low, other.low);
    }

    /** The canonical text: dotted decimal, or RFC 5952. */
    @Override
    public String toString() {
        return switch (family) {
            case IPV4 -> (low >>> 24) + "." + (low >>> 16 & 0xff) + "." + (low >>> 8 & 0xff) + "." + (low & 0xff);
            case IPV6 -> new IPv6Address(toBytes()).toCanonicalString();
        };
    }
}
