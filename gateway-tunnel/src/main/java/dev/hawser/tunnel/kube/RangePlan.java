// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.api.networking.RemappedRanges;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.remap.Remap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a Configuration says about the names that a peer's ranges have here. */
sealed interface RangePlan {
    /** Every range of the peer has a name here. */
    record Complete(List<Remap> pods, List<Remap> externals) implements RangePlan {
        /** Copies the lists. */
        public Complete {
            pods = List.copyOf(pods);
            externals = List.copyOf(externals);
        }
    }

    /** The controller has not granted everything yet. */
    record Incomplete(String reason) implements RangePlan {}

    /** It contradicts itself or this cluster's own ranges. */
    record Invalid(String reason) implements RangePlan {}

    static RangePlan of(Configuration configuration, OwnRanges own) {
        String name = "Configuration " + configuration.getMetadata().getName();
        Optional<RemappedRanges> granted =
                Optional.ofNullable(configuration.getStatus()).flatMap(status -> Optional.ofNullable(status.remote()));
        if (granted.isEmpty()) {
            return new Incomplete("waiting for the remapped ranges in the status of " + name);
        }
        var remote = configuration.getSpec().remote();
        Optional<String> missing = missing(remote.podCIDRs(), granted.get().podCIDRs())
                .or(() -> missing(remote.externalCIDRs(), granted.get().externalCIDRs()));
        if (missing.isPresent()) {
            return new Incomplete("waiting for " + name + " to name " + missing.get() + " here");
        }
        if (granted.get().externalCIDRs().isEmpty()) {
            return new Incomplete("waiting for " + name + " to name an external CIDR, which holds the peer's gateway");
        }
        try {
            return new Complete(
                    remaps(granted.get().podCIDRs(), remote.podCIDRs(), own),
                    remaps(granted.get().externalCIDRs(), remote.externalCIDRs(), own));
        } catch (IllegalArgumentException e) {
            return new Invalid(name + ": " + e.getMessage());
        }
    }

    private static Optional<String> missing(List<String> wanted, List<RemappedRange> granted) {
        return wanted.stream()
                .filter(cidr -> granted.stream().noneMatch(range -> range.cidr().equals(cidr)))
                .findFirst();
    }

    /** A range that the peer has left stands last: of those with one name here packets and probes go to the first. */
    private static List<Remap> remaps(List<RemappedRange> granted, List<String> wanted, OwnRanges own) {
        List<Remap> remaps = new ArrayList<>();
        List<RemappedRange> presentFirst = granted.stream()
                .sorted(Comparator.comparing(range -> !wanted.contains(range.cidr())))
                .toList();
        for (RemappedRange range : presentFirst) {
            Remap remap = new Remap(Cidr.parse(range.cidr()), Cidr.parse(range.remapped()));
            own.hiddenBy(remap.to()).ifPresent(hidden -> {
                throw new IllegalArgumentException(
                        "remapped range " + remap.to() + " would hide this cluster's own " + hidden);
            });
            remaps.add(remap);
        }
        return remaps;
    }
}
