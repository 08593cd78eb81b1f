// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.linux;

import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.port.Arrival;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Reads and writes {@code sockaddr_in} and {@code sockaddr_in6}.
 *
 * <p>A dual-stack socket speaks to IPv4 by IPv4-mapped addresses (RFC 4291, 2.5.5.2); outside this class such an address is
 * plain IPv4.
 */
final class SocketAddress {
    static final int AF_INET = 2;
    static final int AF_INET6 = 10;
    static final int SIZE = 28;

    private static final int IPV4_SIZE = 16;
    private static final int PORT = 2;
    private static final int IPV4_ADDRESS = 4;
    private static final int IPV6_ADDRESS = 8;
    private static final long MAPPED_PREFIX = 0xffffL << 32;
    private static final ValueLayout.OfShort NET_SHORT = JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NET_INT = JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfLong NET_LONG = JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);

    private SocketAddress() {}

    /** Writes the wildcard address with a port; returns the structure's length. */
    static int writeWildcard(MemorySegment to, int family, int port) {
        to.asSlice(0, SIZE).fill((byte) 0);
        to.set(JAVA_SHORT, 0, (short) family);
        to.set(NET_SHORT, PORT, (short) port);
        return family == AF_INET ? IPV4_SIZE : SIZE;
    }

    /**
     * Writes a destination for a socket of the given family; returns the structure's length, or 0 when such a socket cannot
     * reach it (IPv6 from an IPv4 socket).
     */
    static int write(MemorySegment to, int family, IpAddress address, int port) {
        boolean ipv4 = address.family() == Family.IPV4;
        if (family == AF_INET) {
            if (!ipv4) {
                return 0;
            }
            to.set(JAVA_SHORT, 0, (short) AF_INET);
            to.set(NET_SHORT, PORT, (short) port);
            to.set(NET_INT, IPV4_ADDRESS, (int) address.low());
            to.set(NET_LONG, IPV6_ADDRESS, 0);
            return IPV4_SIZE;
        }
        to.set(JAVA_SHORT, 0, (short) AF_INET6);
        to.set(NET_SHORT, PORT, (short) port);
        to.set(NET_INT, IPV4_ADDRESS, 0);
        to.set(NET_LONG, IPV6_ADDRESS, ipv4 ? 0 : address.high());
        to.set(NET_LONG, IPV6_ADDRESS + 8, ipv4 ? MAPPED_PREFIX | address.low() : address.low());
        to.set(JAVA_INT_UNALIGNED, SIZE - 4, 0);
        return SIZE;
    }

    /** Reads the source of a datagram. */
    static void read(MemorySegment from, int localPort, int segmentSize, Arrival arrival) {
        int port = Short.toUnsignedInt(from.get(NET_SHORT, PORT));
        if (from.get(JAVA_SHORT, 0) == AF_INET) {
            long low = Integer.toUnsignedLong(from.get(NET_INT, IPV4_ADDRESS));
            arrival.set(Family.IPV4, 0, low, port, localPort, segmentSize);
            return;
        }
        long high = from.get(NET_LONG, IPV6_ADDRESS);
        long low = from.get(NET_LONG, IPV6_ADDRESS + 8);
        if (high == 0 && low >>> 32 == 0xffff) {
            arrival.set(Family.IPV4, 0, low & 0xffff_ffffL, port, localPort, segmentSize);
        } else {
            arrival.set(Family.IPV6, high, low, port, localPort, segmentSize);
        }
    }

    static int port(MemorySegment from) {
        return Short.toUnsignedInt(from.get(NET_SHORT, PORT));
    }
}
