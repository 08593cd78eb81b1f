// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.FormerRange;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Role;
import dev.hawser.ipam.remap.Remap;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The ranges that a peer has left of late, and until when each is served beside its successor. Pure.
 *
 * <p>Pods get their new addresses one by one, and what they sent before is still under way. Only a range that another one
 * came for has this time: one that is merely taken away goes at once, since somebody may want it closed.
 *
 * @param range the range and its name here
 * @param until when it goes
 */
record Overlap(Remap range, Instant until) {
    /**
     * The ranges of one role that are to be listed beside the present ones, the next to go first.
     *
     * @param seen what stands
     * @param ranges those that the peer has now
     */
    static List<Overlap> of(PeeringObserved seen, Role role, Collection<Cidr> ranges, Instant now) {
        Map<String, Instant> former = former(seen);
        // A status that was edited by hand must not keep a range for longer.
        Instant latest = now.plus(seen.rangeOverlap()).truncatedTo(ChronoUnit.SECONDS);
        Set<Cidr> names = seen.holders(role).stream()
                .flatMap(holder -> holder.block().stream())
                .collect(Collectors.toSet());
        Set<Cidr> known = seen.listed(role).stream()
                .map(Remap::from)
                .filter(range -> !former.containsKey(range.toString()))
                .collect(Collectors.toSet());
        return seen.listed(role).stream()
                .filter(range -> !ranges.contains(range.from()))
                .filter(range -> isFree(seen, range.from()))
                .filter(range -> names.contains(range.to()))
                .flatMap(range -> end(former.get(range.from().toString()), latest, isReplaced(range, ranges, known))
                        .map(until -> new Overlap(range, until))
                        .stream())
                .filter(overlap -> overlap.until.isAfter(now))
                .sorted(Comparator.comparing(Overlap::until).thenComparing(overlap -> overlap.range.from()))
                .toList();
    }

    /** As the status tells it. */
    FormerRange told() {
        return new FormerRange(range.from().toString(), until.toString());
    }

    /** Present ranges first: whoever looks for the range behind a name finds the one that packets go to. */
    static List<RemappedRange> join(List<RemappedRange> present, List<Overlap> former) {
        return Stream.concat(
                        present.stream(),
                        former.stream()
                                .map(overlap -> new RemappedRange(
                                        overlap.range.from().toString(),
                                        overlap.range.to().toString())))
                .toList();
    }

    private static Optional<Instant> end(@Nullable Instant until, Instant latest, boolean replaced) {
        if (until != null) {
            return Optional.of(until.isAfter(latest) ? latest : until);
        }
        return replaced ? Optional.of(latest) : Optional.empty();
    }

    /** The data path tells by the source what an address is part of, so a range that has moved within itself just goes. */
    private static boolean isFree(PeeringObserved seen, Cidr former) {
        return Stream.concat(seen.peering().spec().podCIDRs().stream(), seen.peering().spec().externalCIDRs().stream())
                .map(Cidr::parse)
                .noneMatch(former::overlaps);
    }

    private static boolean isReplaced(Remap range, Collection<Cidr> ranges, Set<Cidr> known) {
        return ranges.stream()
                .filter(present -> present.family() == range.from().family())
                .anyMatch(present -> !known.contains(present));
    }

    private static Map<String, Instant> former(PeeringObserved seen) {
        Map<String, Instant> former = new HashMap<>();
        seen.configuration()
                .map(Seen::status)
                .map(ConfigurationStatus::formerRanges)
                .orElse(List.of())
                .forEach(range -> {
                    try {
                        former.put(range.cidr(), Instant.parse(range.until()));
                    } catch (DateTimeParseException editedByHand) {
                        former.put(range.cidr(), Instant.MIN);
                    }
                });
        return former;
    }
}
