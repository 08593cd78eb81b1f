// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.explain;

import java.util.Locale;

/** What an address can be in a cluster. */
public enum Kind {
    /** Loopback, link-local, multicast or unspecified. */
    SPECIAL,
    /** Of a pod, or free for one. */
    POD,
    /** Of a Service, or free for one. */
    SERVICE,
    /** Of a node. */
    NODE,
    /** A local address that an IP exposes. */
    EXPOSED,
    /** The external address of an IP. */
    EXTERNAL,
    /** The gateway itself. */
    GATEWAY,
    /** Never handed out: a network or broadcast address, or beyond what an external CIDR hands out. */
    UNUSABLE,
    /** An external address on its way into its IP. */
    PROMISED,
    /** An external address that was given back a while ago. */
    COOLING,
    /** An external address that nobody has. */
    FREE,
    /** The name of a pod of a peer. */
    PEER_POD,
    /** The name of an external address of a peer. */
    PEER_EXTERNAL,
    /** The name of a peer's gateway. */
    PEER_GATEWAY,
    /** The name of an address that nobody at the peer has. */
    PEER_UNUSABLE,
    /** Part of a block that is granted, promised or kept for somebody, but that leads nowhere now. */
    HELD,
    /** Part of a range from which no name is granted. */
    RESERVED,
    /** Behind a route of the gateway's node that somebody else set. */
    ROUTE,
    /** Part of a Pool, and free. */
    IN_POOL,
    /** None of the above. */
    FOREIGN;

    /** As programs read it: {@code peer-pod}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
