// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.tunnel.path.PeerLane;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the present configuration became; what status is read from.
 *
 * @param config the configuration itself; nothing before the first
 * @param lanes by cluster ID, in the order of the configuration
 * @param peerProblems by cluster ID, what keeps a peer from working
 * @param exposureProblems exposures left out, and why
 * @param listenPorts the ports served
 */
record Applied(
        Optional<TunnelConfig> config,
        Map<String, PeerLane> lanes,
        Map<String, String> peerProblems,
        List<String> exposureProblems,
        List<Integer> listenPorts) {
    static final Applied NOTHING = new Applied(Optional.empty(), Map.of(), Map.of(), List.of(), List.of());
}
