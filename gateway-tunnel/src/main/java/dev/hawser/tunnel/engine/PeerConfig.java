// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.util.List;
import java.util.Optional;

/**
 * One peer as configured.
 *
 * @param id cluster ID
 * @param publicKeys its static keys: one, or two while it changes them
 * @param endpoints where it may be reached; empty if it only dials in
 * @param presharedKey the symmetric secret shared with it
 * @param persistentKeepaliveSeconds 0 for none, else 1 to 65535
 * @param podRanges each from one of its true pod CIDRs to the remapped one here
 * @param externalRanges each from one of its true external CIDRs to the remapped one here; the first holds the gateway address
 *     that is probed
 */
public record PeerConfig(
        String id,
        List<PublicKey> publicKeys,
        List<UdpEndpoint> endpoints,
        Optional<PresharedKey> presharedKey,
        int persistentKeepaliveSeconds,
        List<Remap> podRanges,
        List<Remap> externalRanges) {
    /** Copies the lists. */
    public PeerConfig {
        publicKeys = List.copyOf(publicKeys);
        endpoints = List.copyOf(endpoints);
        podRanges = List.copyOf(podRanges);
        externalRanges = List.copyOf(externalRanges);
    }

    /** The same peer before anything may pass. */
    PeerConfig withoutRanges() {
        return new PeerConfig(
                id, publicKeys, endpoints, presharedKey, persistentKeepaliveSeconds, List.of(), List.of());
    }
}
