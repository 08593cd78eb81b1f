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
}
