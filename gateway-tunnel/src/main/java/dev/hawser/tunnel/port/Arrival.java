// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.port;

import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;

/**
 * Where the datagram in a receive buffer came from; filled by {@link UdpPort#receive}.
 *
 * <p>Mutable and reused so that receiving allocates nothing. Confined to the receiving thread.
 */
public final class Arrival {
    private Family family = Family.IPV4;
    private long high;
    private long low;
    private int port;
    private int localPort;
    private int segmentSize;

    /**
     * Records one arrival.
     *
     * @param family family of the source
     * @param high upper 64 address bits, 0 for IPv4
     * @param low lower 64 address bits, or the IPv4 address
     * @param port source port
     * @param localPort the listen port it came to
     * @param segmentSize size of every datagram in the buffer but the last, or 0 for a single datagram
     */
    public void set(Family family, long high, long low, int port, int localPort, int segmentSize) {
        this.family = family;
        this.high = high;
        this.low = low;
        this.port = port;
        this.localPort = localPort;
        this.segmentSize = segmentSize;
    }

    /** Size of each coalesced datagram but the last (UDP_GRO), or 0 when the buffer holds exactly one. */
    public int segmentSize() {
        return segmentSize;
    }

    /** Whether this arrival came from the endpoint and to its local port; allocates nothing. */
    public boolean isFrom(UdpEndpoint endpoint) {
        return endpoint.port() == port
                && endpoint.localPort() == localPort
                && endpoint.address().low() == low
                && endpoint.address().high() == high
                && endpoint.address().family() == family;
    }

    /** The source as an endpoint to answer to. */
    public UdpEndpoint endpoint() {
        return new UdpEndpoint(new IpAddress(family, high, low), port, localPort);
    }
}
