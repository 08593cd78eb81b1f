// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.app;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.wire.Transport;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What the paths to peers take, as bounds of the routes to their ranges. Pure. */
final class PathMtus {
    /** No IPv6 route may have less (RFC 8200, section 5); the outer datagram is fragmented then. */
    private static final int IPV6_LEAST = 1280;

    /** What a datagram adds: headers of IP, UDP and WireGuard, and the tag. */
    private static final int OUTER_IPV4 = 20 + 8 + Transport.OVERHEAD;

    private static final int OUTER_IPV6 = 40 + 8 + Transport.OVERHEAD;

    private PathMtus() {}

    /**
     * The bounds.
     *
     * @param found by cluster ID: the largest packet that passes
     * @param device the largest packet that the device takes, which needs no bound
     */
    static Map<Cidr, Integer> byRange(List<PeerConfig> peers, Map<String, Integer> found, int device) {
        Map<Cidr, Integer> bounds = new HashMap<>();
        for (PeerConfig peer : peers) {
            int passes = found.getOrDefault(peer.id(), device);
            Stream.concat(peer.podRanges().stream(), peer.externalRanges().stream())
                    .map(Remap::to)
                    .forEach(range -> {
                        int bound = range.family() == Family.IPV6 ? Math.max(passes, IPV6_LEAST) : passes;
                        if (bound < device) {
                            bounds.put(range, bound);
                        }
                    });
        }
        return bounds;
    }

    /**
     * Whether any path takes less than IPv6 needs.
     *
     * @param found by cluster ID: the largest inner packet that passes
     */
    static boolean hasNarrow(Map<String, Integer> found) {
        return found.values().stream().anyMatch(passes -> passes < IPV6_LEAST);
    }

    /**
     * The endpoints of peers that speak IPv6 over a path that takes less than it needs, with the outer packet that does pass.
     *
     * @param found by cluster ID: the largest inner packet that passes
     * @param endpoints by cluster ID: where the peers are
     */
    static Map<IpAddress, Integer> narrow(
            List<PeerConfig> peers, Map<String, Integer> found, Map<String, UdpEndpoint> endpoints) {
        Map<IpAddress, Integer> narrow = new HashMap<>();
        for (PeerConfig peer : peers) {
            int passes = found.getOrDefault(peer.id(), IPV6_LEAST);
            UdpEndpoint endpoint = endpoints.get(peer.id());
            boolean six = Stream.concat(peer.podRanges().stream(), peer.externalRanges().stream())
                    .anyMatch(range -> range.to().family() == Family.IPV6);
            if (six && endpoint != null && passes < IPV6_LEAST) {
                boolean outerSix = endpoint.address().family() == Family.IPV6;
                narrow.merge(endpoint.address(), passes + (outerSix ? OUTER_IPV6 : OUTER_IPV4), Math::min);
            }
        }
        return narrow;
    }
}
