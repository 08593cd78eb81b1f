// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import dev.hawser.ipam.address.Family;

/**
 * What a decision needs to know of a packet.
 *
 * <p>Mutable and reused so that nothing is allocated per packet; confined to one thread.
 */
public final class PacketHeaders {
    /** Stands for "no port visible": another protocol, or a fragment that is not the first. */
    public static final int NO_PORT = -1;

    private static final int ICMP = 1;
    private static final int ICMPV6 = 58;

    /** The first ten bits of fe80::/10. */
    private static final int LINK_LOCAL_BITS = 0xfe80 >>> 6;

    private Family family = Family.IPV4;
    private long sourceHigh;
    private long sourceLow;
    private long destinationHigh;
    private long destinationLow;
    private int protocol;
    private int sourcePort;
    private int destinationPort;
    private boolean laterFragment;

    /** Sets IPv4 addresses given as unsigned 32-bit values. */
    public void ipv4(long source, long destination) {
        family = Family.IPV4;
        sourceHigh = 0;
        sourceLow = source;
        destinationHigh = 0;
        destinationLow = destination;
    }

    /** Sets IPv6 addresses, each as the upper and the lower half. */
    public void ipv6(long fromHigh, long fromLow, long toHigh, long toLow) {
        family = Family.IPV6;
        sourceHigh = fromHigh;
        sourceLow = fromLow;
        destinationHigh = toHigh;
        destinationLow = toLow;
    }

    /** Sets what stands behind the addresses; ports are {@link #NO_PORT} when there are none to see. */
    public void transport(int ipProtocol, int source, int destination, boolean isLaterFragment) {
        protocol = ipProtocol;
        sourcePort = source;
        destinationPort = destination;
        laterFragment = isLaterFragment;
    }

    /** The addresses' family. */
    public Family family() {
        return family;
    }

    /** Upper half of the source. */
    public long sourceHigh() {
        return sourceHigh;
    }

    /** Lower half of the source. */
    public long sourceLow() {
        return sourceLow;
    }

    /** Upper half of the destination. */
    public long destinationHigh() {
        return destinationHigh;
    }

    /** Lower half of the destination. */
    public long destinationLow() {
        return destinationLow;
    }

    /** IP protocol number. */
    public int protocol() {
        return protocol;
    }

    /** Source port or {@link #NO_PORT}. */
    public int sourcePort() {
        return sourcePort;
    }

    /** Destination port or {@link #NO_PORT}. */
    public int destinationPort() {
        return destinationPort;
    }

    /** Whether this is a fragment without the transport header. */
    public boolean isLaterFragment() {
        return laterFragment;
    }

    /** Whether the packet is ICMP of its family. */
    public boolean isIcmp() {
        return protocol == (family == Family.IPV4 ? ICMP : ICMPV6);
    }

    /** Whether it goes to many or stays on its link: multicast, broadcast and link-local addresses, which name nobody elsewhere. */
    public boolean isOfOneLink() {
        return switch (family) {
            case IPV4 ->
                destinationLow >>> 28 == 0xe
                        || destinationLow == 0xffff_ffffL
                        || destinationLow >>> 16 == 0xa9fe
                        || sourceLow >>> 16 == 0xa9fe;
            case IPV6 ->
                destinationHigh >>> 56 == 0xff
                        || destinationHigh >>> 54 == LINK_LOCAL_BITS
                        || sourceHigh >>> 54 == LINK_LOCAL_BITS;
        };
    }
}
