// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.probe;

import java.time.Duration;
import java.util.Optional;

/**
 * What probes tell of a peer at one moment.
 *
 * @param state whether probes return
 * @param latencyP50 median round trip of the last minute; empty before the first answer
 * @param latencyP99 99th percentile of the last minute
 * @param jitter mean difference between one round trip and the next; empty before the second answer
 * @param loss share of unanswered probes of the last minute, 0 to 1, counted since the peer became connected
 */
public record HealthReport(
        State state,
        Optional<Duration> latencyP50,
        Optional<Duration> latencyP99,
        Optional<Duration> jitter,
        double loss) {
    /** Whether probes return. */
    public enum State {
        /** None has returned since the start, or four in a row are missing. */
        LOST,
        /** They return. */
        CONNECTED,
        /** They return, but too many are missing. */
        DEGRADED
    }
}
