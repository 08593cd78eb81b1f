// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.peering;

import dev.hawser.api.networking.APIServerIdentity;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.ipam.address.Cidr;
import java.util.List;
import java.util.Set;

/**
 * A peer to talk to. Immutable; another value is another conversation.
 *
 * @param ownID our own cluster ID, under which the peer knows us
 * @param proxy where its proxy is dialled from here
 * @param server whom to expect behind it
 * @param credentialSecret the Secret with our token
 * @param connected whether the tunnel passes probes; nothing is tried before
 * @param bundleKeys public keys of the peer as its Peering says
 * @param peerExternalCidrs its true external ranges
 * @param ownCidrs our own ranges, which alone it may name
 */
public record PeerTarget(
        String peerID,
        String ownID,
        ProxyAddress proxy,
        APIServerIdentity server,
        String credentialSecret,
        boolean connected,
        Set<String> bundleKeys,
        List<Cidr> peerExternalCidrs,
        List<Cidr> ownCidrs) {
    public PeerTarget {
        bundleKeys = Set.copyOf(bundleKeys);
        peerExternalCidrs = List.copyOf(peerExternalCidrs);
        ownCidrs = List.copyOf(ownCidrs);
    }
}
