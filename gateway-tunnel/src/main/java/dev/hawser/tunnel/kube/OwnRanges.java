// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.networking.ClusterGatewaySpec;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** This cluster's own ranges, as far as they can be read. */
record OwnRanges(List<Cidr> pods, List<Cidr> externals, List<Cidr> services) {
    static final OwnRanges NONE = new OwnRanges(List.of(), List.of(), List.of());

    OwnRanges {
        pods = List.copyOf(pods);
        externals = List.copyOf(externals);
        services = List.copyOf(services);
    }

    /**
     * Reads the spec.
     *
     * @param problems takes a sentence for each range that is left out
     */
    static OwnRanges of(ClusterGatewaySpec spec, Consumer<String> problems) {
        List<Cidr> externals = new ArrayList<>();
        for (Cidr cidr : parse("externalCIDRs", spec.externalCIDRs(), problems)) {
            if (cidr.hostBits() < 2) {
                problems.accept("ClusterGateway: external CIDR " + cidr
                        + " has no room for the gateway address; use a shorter prefix");
            } else {
                externals.add(cidr);
            }
        }
        return new OwnRanges(
                parse("podCIDRs", spec.podCIDRs(), problems),
                externals,
                parse("serviceCIDRs", spec.serviceCIDRs(), problems));
    }

    /** The range of ours that a remapped range would hide, if there is one. */
    Optional<Cidr> hiddenBy(Cidr remapped) {
        return Stream.of(pods, externals, services)
                .flatMap(List::stream)
                .filter(own -> own.overlaps(remapped))
                .findFirst();
    }

    /** Whether a range lies within one of ours. */
    boolean hold(Cidr range) {
        return Stream.of(pods, externals, services).flatMap(List::stream).anyMatch(own -> own.contains(range));
    }

    private static List<Cidr> parse(String field, List<String> texts, Consumer<String> problems) {
        List<Cidr> cidrs = new ArrayList<>();
        for (String text : texts) {
            try {
                cidrs.add(Cidr.parse(text));
            } catch (AddressException e) {
                problems.accept("ClusterGateway: " + field + ": " + e.getMessage());
            }
        }
        return cidrs;
    }
}
