// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.gateway;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How much is measured.
 *
 * @param rounds in each of which every variant has its turn
 * @param tcpSeconds length of a TCP run
 * @param roundTrips how long round trips are made
 * @param wireGuardGo the program to compare with
 */
public record GatewayPlan(int rounds, int tcpSeconds, Duration roundTrips, Path wireGuardGo) {
    public GatewayPlan {
        if (rounds < 1 || tcpSeconds < 1) {
            throw new IllegalArgumentException(
                    "at least one round and one second, not " + rounds + " and " + tcpSeconds);
        }
    }
}
