// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

import dev.hawser.cli.cluster.ClusterFacts;
import java.util.List;

/** A cluster's own ranges and how it is reached, as the preflight shows them. */
public record ClusterRanges(
        String cluster,
        List<String> podCIDRs,
        List<String> serviceCIDRs,
        List<String> externalCIDRs,
        List<String> endpoints) {
    public ClusterRanges {
        podCIDRs = List.copyOf(podCIDRs);
        serviceCIDRs = List.copyOf(serviceCIDRs);
        externalCIDRs = List.copyOf(externalCIDRs);
        endpoints = List.copyOf(endpoints);
    }

    static ClusterRanges of(ClusterFacts facts) {
        return new ClusterRanges(
                facts.id(), facts.podCIDRs(), facts.serviceCIDRs(), facts.externalCIDRs(), facts.endpoints());
    }
}
