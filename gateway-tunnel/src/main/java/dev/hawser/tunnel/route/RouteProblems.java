// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import java.util.List;
import java.util.Map;

/**
 * What could not be compiled: configuration that contradicts itself, in words for a person.
 *
 * @param peers by cluster ID, the ranges that were left out and why
 * @param exposures the exposures that were left out and why
 */
public record RouteProblems(Map<String, String> peers, List<String> exposures) {
    /** Copies the collections. */
    public RouteProblems {
        peers = Map.copyOf(peers);
        exposures = List.copyOf(exposures);
    }
}
