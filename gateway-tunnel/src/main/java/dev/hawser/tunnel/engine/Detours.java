// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.engine;

import dev.hawser.tunnel.path.PeerLane;
import dev.hawser.tunnel.probe.HealthReport.State;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Looks for another way to peers whose probes get lost on the present one. A peer that is lost altogether is called everywhere
 * anyway, and the first answer wins; one that is only Degraded would go on being so. Confined to the control thread.
 */
final class Detours {
    private static final long BETWEEN = Duration.ofSeconds(30).toNanos();

    private final Map<String, Long> triedAt = new HashMap<>();

    /** Calls peers at their other endpoints where that is worth a try. */
    void consider(Map<String, PeerLane> lanes, Map<String, ProbeReport> reports, long now) {
        triedAt.keySet().retainAll(lanes.keySet());
        lanes.forEach((id, lane) -> {
            ProbeReport report = reports.get(id);
            Long before = triedAt.get(id);
            boolean lossy = report != null
                    && report.health().state() == State.DEGRADED
                    && report.silent().isEmpty();
            if (lossy && (before == null || now - before >= BETWEEN)) {
                triedAt.put(id, now);
                lane.sessions().forEach(session -> session.callElsewhere(now));
            }
        });
    }
}
