// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.LocalSide;
import dev.hawser.tunnel.session.StaticKeys;
import java.util.List;
import java.util.Optional;

/** Configurations of clusters that all have the same ranges. */
final class SameRanges {
    static final String POD = "10.200.0.0/16";
    static final String EXTERNAL = "10.70.0.0/16";
    static final String POD6 = "fd00:10:200::/56";
    static final String EXTERNAL6 = "fd00:10:70::/112";

    private SameRanges() {}

    static LocalSide side() {
        return new LocalSide(List.of(Cidr.parse(POD)), List.of(Cidr.parse(EXTERNAL)), List.of());
    }

    static PeerConfig peer(String id, PublicKey key, List<UdpEndpoint> endpoints, String pods, String external) {
        return new PeerConfig(
                id,
                List.of(key),
                endpoints,
                Optional.empty(),
                0,
                List.of(new Remap(Cidr.parse(POD), Cidr.parse(pods))),
                List.of(new Remap(Cidr.parse(EXTERNAL), Cidr.parse(external))));
    }

    /** A cluster with ranges of both families. */
    static LocalSide dualSide() {
        return new LocalSide(
                List.of(Cidr.parse(POD), Cidr.parse(POD6)),
                List.of(Cidr.parse(EXTERNAL), Cidr.parse(EXTERNAL6)),
                List.of());
    }

    /** The same peer with ranges of both families. */
    static PeerConfig dual(PeerConfig ipv4, String pods, String external) {
        return new PeerConfig(
                ipv4.id(),
                ipv4.publicKeys(),
                ipv4.endpoints(),
                ipv4.presharedKey(),
                ipv4.persistentKeepaliveSeconds(),
                List.of(ipv4.podRanges().getFirst(), new Remap(Cidr.parse(POD6), Cidr.parse(pods))),
                List.of(ipv4.externalRanges().getFirst(), new Remap(Cidr.parse(EXTERNAL6), Cidr.parse(external))));
    }

    static TunnelConfig config(PrivateKey key, int listenPort, PeerConfig... peers) {
        return new TunnelConfig(StaticKeys.only(key), List.of(listenPort), side(), List.of(peers));
    }
}
