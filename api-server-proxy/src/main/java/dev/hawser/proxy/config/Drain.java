// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.config;

import java.time.Duration;

/**
 * How the proxy ends.
 *
 * @param delay how long new tunnels are still opened: until everybody has heard that this replica is not ready any more
 * @param grace how long after that open tunnels may end by themselves
 */
public record Drain(Duration delay, Duration grace) {
    /** What holds unless the file says otherwise. */
    public static final Drain DEFAULT = new Drain(Duration.ofSeconds(5), Duration.ofSeconds(20));
}
