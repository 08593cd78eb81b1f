// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.explain;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.List;
import java.util.Optional;

/**
 * What an address is in one cluster, and who reaches it how. Immutable.
 *
 * @param cluster ID of the cluster that was asked
 * @param here what the address is there; at least one meaning, the one that packets go by first
 * @param inbound for each peer, in the order of their IDs, how it reaches what the address is here
 * @param outbound how this cluster reaches it
 * @param elsewhere peers of which it is a true address: identical ranges mean different things in different clusters
 */
public record Explanation(
        String cluster,
        IpAddress address,
        List<Meaning> here,
        List<Inbound> inbound,
        Outbound outbound,
        List<Elsewhere> elsewhere) {
    /** Copies the lists. */
    public Explanation {
        here = List.copyOf(here);
        inbound = List.copyOf(inbound);
        elsewhere = List.copyOf(elsewhere);
    }

    /**
     * One thing that the address is.
     *
     * @param range what it is part of
     * @param object which object says so, as a person would look it up
     * @param peer whose it is, if it is a name of something of a peer
     * @param truth what it is called there
     * @param text a sentence without its full stop
     */
    public record Meaning(
            Kind kind,
            Optional<Cidr> range,
            Optional<String> object,
            Optional<String> peer,
            Optional<IpAddress> truth,
            String text) {}

    /**
     * How a peer reaches it.
     *
     * @param dials the address that the peer uses; empty if it cannot
     * @param text why that one, or why not
     */
    public record Inbound(String peer, Optional<IpAddress> dials, String text) {}

    /**
     * How we reach it.
     *
     * @param dial the address to use here; empty if there is none
     * @param peer where that leads, if not to this cluster
     * @param arrivesAs the destination that the peer's network sees
     */
    public record Outbound(
            Optional<IpAddress> dial, Optional<String> peer, Optional<IpAddress> arrivesAs, String text) {}

    /**
     * A peer that has an address of this number.
     *
     * @param kind what it is there
     * @param range the true range
     * @param dial what it is called here; empty if it has no name here
     */
    public record Elsewhere(String peer, Kind kind, Cidr range, Optional<IpAddress> dial, String text) {}
}
