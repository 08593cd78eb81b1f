// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import java.util.Locale;

/** Why the data path dropped a packet. Every drop has exactly one reason and is counted under it. */
public enum DropReason {
    /** The first nibble says neither IPv4 nor IPv6. */
    NOT_IP,
    /** Lengths or header fields contradict each other. */
    MALFORMED,
    /** The hop limit (TTL) was used up before it came here. */
    HOP_LIMIT,
    /** It names further stations (IPv4 source route, IPv6 routing header), which nobody has checked. */
    SOURCE_ROUTED,
    /** Speaks to one link only: neighbour and router discovery, link-local and multicast addresses. */
    LINK_SCOPED,
    /** No peer is known under the destination. */
    NO_ROUTE,
    /** The source is neither a local pod nor an address with an external address. */
    SOURCE_NOT_EXPORTED,
    /** To or from the gateway's own address, but neither ICMP nor a probe. */
    NOT_FOR_GATEWAY,
    /** The true source lies outside the ranges of the peer whose key opened the packet. */
    SOURCE_NOT_OF_PEER,
    /** Addressed to something here that no exposure names. */
    DESTINATION_NOT_EXPOSED,
    /** Addressed to an exposure that this peer may not use. */
    EXPOSURE_NOT_GRANTED,
    /** Protocol or port is not among those of the exposure. */
    PORT_FILTERED,
    /** An ICMP error about a packet that this peer and this cluster cannot have exchanged. */
    QUOTE_FOREIGN,
    /** Larger than the path to the peer takes; the sender was told, as often as such answers may go. */
    TOO_BIG,
    /** No session with the peer, and its waiting queue is full. */
    NO_SESSION,
    /** Waited for a session longer than a packet is worth. */
    STAGED_TOO_LONG,
    /** A datagram for a session that does not exist (any more). */
    UNKNOWN_SESSION,
    /** The authentication tag is wrong. */
    UNAUTHENTICATED,
    /** The counter was seen before or lies behind the window. */
    REPLAYED,
    /** Its session is too old or its counter exhausted. */
    EXPIRED,
    /** A datagram that is no WireGuard message. */
    UNKNOWN_MESSAGE,
    /** More handshake messages than the control thread takes. */
    CONTROL_QUEUE_FULL,
    /** The outer socket did not take it: full, unreachable or too large. */
    SEND_FAILED,
    /** The interface did not take it: down or full. */
    DEVICE_REFUSED;

    /** The reason as it stands in metrics and status: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
