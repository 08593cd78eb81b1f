// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.ipam.address.Family;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.route.DropReason;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * One peer at one moment.
 *
 * @param id cluster ID
 * @param phase where the connection stands
 * @param silent families whose probes do not return although another one's do
 * @param message one sentence for a person; empty when all is well
 * @param endpoint where datagrams go now
 * @param sinceHandshake how long ago the present session was made
 * @param latencyP50 median round trip of probes
 * @param latencyP99 99th percentile of it
 * @param jitter mean difference between one of them and the next
 * @param loss share of probes without answer, 0 to 1
 * @param pathMtu largest inner packet that reaches the peer in one piece, as far as that is known
 * @param traffic counters since the peer was first configured
 */
public record PeerStatus(
        String id,
        Phase phase,
        List<Family> silent,
        String message,
        Optional<UdpEndpoint> endpoint,
        Optional<Duration> sinceHandshake,
        Optional<Duration> latencyP50,
        Optional<Duration> latencyP99,
        Optional<Duration> jitter,
        double loss,
        OptionalInt pathMtu,
        Traffic traffic) {
    /** Copies the list. */
    public PeerStatus {
        silent = List.copyOf(silent);
    }

    /** Whether data of every family flows, if perhaps with losses. */
    public boolean connected() {
        return switch (phase) {
            case CONNECTED, DEGRADED -> silent.isEmpty();
            case CONNECTING, ERROR -> false;
        };
    }

    /** The same peer when something outside the tunnel keeps its packets from it, although probes return. */
    public PeerStatus hindered(String reason) {
        boolean claims = phase == Phase.CONNECTED || phase == Phase.DEGRADED;
        return new PeerStatus(
                id,
                claims ? Phase.CONNECTING : phase,
                claims ? List.of() : silent,
                claims ? reason : message,
                endpoint,
                sinceHandshake,
                latencyP50,
                latencyP99,
                jitter,
                loss,
                pathMtu,
                traffic);
    }

    /** Where a connection stands. */
    public enum Phase {
        /** Probes do not return (yet). */
        CONNECTING,
        /** Probes return. */
        CONNECTED,
        /** Probes return, but many are lost, or all of one family. */
        DEGRADED,
        /** The configuration keeps it from ever connecting; the message says why. */
        ERROR
    }

    /**
     * What went through, counted as inner packets.
     *
     * @param rxPackets packets delivered from the peer
     * @param rxBytes their length, IP headers included
     * @param txPackets packets sent to the peer
     * @param txBytes their length, IP headers included
     * @param drops what was dropped, by reason; reasons that never occurred are left out
     */
    public record Traffic(long rxPackets, long rxBytes, long txPackets, long txBytes, Map<DropReason, Long> drops) {
        /** Copies the map. */
        public Traffic {
            drops = Map.copyOf(drops);
        }
    }
}
