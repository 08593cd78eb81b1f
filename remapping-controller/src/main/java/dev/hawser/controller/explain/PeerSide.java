// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.explain;

import dev.hawser.api.ipam.PortRule;
import dev.hawser.api.networking.ExposureAdvertisement;
import dev.hawser.api.networking.PeeringStatus;
import dev.hawser.api.networking.ProxyAddress;
import dev.hawser.controller.plan.ClusterObjects.Peer;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a true address is at a peer, as far as that told us.
 *
 * @param text names it, and begins in the middle of a sentence
 */
record PeerSide(Kind kind, String text) {
    static PeerSide pod(Peer peer) {
        return new PeerSide(Kind.PEER_POD, "a pod address of " + peer.clusterID());
    }

    static PeerSide external(Peer peer, Cidr range, IpAddress truth) {
        String id = peer.clusterID();
        Optional<ExposureAdvertisement> exposure = peer.exposureAt(truth);
        if (exposure.isPresent()) {
            return new PeerSide(
                    Kind.PEER_EXTERNAL,
                    "IP " + exposure.get().namespace() + "/" + exposure.get().name() + " of " + id
                            + ports(exposure.get().ports()));
        }
        Optional<ProxyAddress> proxy =
                peer.proxy().filter(told -> told.address().equals(truth.toString()));
        if (proxy.isPresent()) {
            return new PeerSide(
                    Kind.PEER_EXTERNAL,
                    "the API server proxy of " + id + ", port " + proxy.get().port());
        }
        if (!range.usable(truth)) {
            return new PeerSide(
                    Kind.PEER_UNUSABLE, "the first or last address of " + range + " of " + id + ", which nobody has");
        }
        return range.hostBits() >= 2 && truth.equals(range.firstUsable())
                ? new PeerSide(Kind.PEER_GATEWAY, "the gateway of " + id + ", which answers probes and ICMP only")
                : new PeerSide(
                        Kind.PEER_EXTERNAL,
                        "an external address of " + id + ", which has told us of nothing that we may reach there");
    }

    /** {@code , TCP 80 and UDP 53 only}; nothing if every port passes. */
    static String ports(List<PortRule> ports) {
        return ports.isEmpty()
                ? ""
                : ports.stream()
                        .map(rule -> rule.protocol() + " " + rule.port())
                        .collect(Collectors.joining(" and ", ", ", " only"));
    }

    /** Why no packet passes between a peer and us at present, as the end of a sentence; nothing if they do. */
    static String trouble(Peer peer) {
        if (Boolean.TRUE.equals(peer.spec().paused())) {
            return "; at present nothing passes, for Peering " + peer.clusterID() + " is paused";
        }
        String connection = Optional.ofNullable(peer.status())
                .map(PeeringStatus::connection)
                .orElse("unknown");
        return connection.equals("Connected") || connection.equals("Degraded")
                ? ""
                : "; at present nothing passes, for Connection " + peer.clusterID() + " is " + connection;
    }
}
