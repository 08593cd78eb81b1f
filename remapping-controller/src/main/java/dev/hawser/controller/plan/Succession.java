// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.ipam.NetworkSpec;
import dev.hawser.api.ipam.NetworkStatus;
import dev.hawser.api.ipam.OwnerReference;
import dev.hawser.api.networking.ConfigurationStatus;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.ledger.Role;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Which Network stands for which true range of a peer, in one role. Immutable and a pure function of what stands.
 *
 * <p>A peer that replaces a range by another of the same length keeps the name that it has here: the Network, and so the
 * grant, stays, and only its true range changes. Where it is not plain which range came instead of which, a range gets a
 * name of its own, because a name that leads to other pods than it did is worse than one that leads nowhere.
 */
public final class Succession {
    private final List<RangeHolder> holders;
    private final Map<Cidr, Cidr> listed;

    /**
     * What stands.
     *
     * @param holders the Networks of the peer's ranges, in the order of their keys
     * @param listed the names by which the data path knows the peer's ranges, those included that it is leaving
     */
    Succession(List<RangeHolder> holders, Map<Cidr, Cidr> listed) {
        this.holders = List.copyOf(holders);
        this.listed = Map.copyOf(listed);
    }

    /**
     * Whether a Network of a living peer is still of use: a range of the Peering goes by it, or the data path knows its name.
     *
     * @param configuration what the peer's Configuration says
     */
    public static boolean needs(
            PeeringSpec peering,
            Optional<ConfigurationStatus> configuration,
            NetworkSpec network,
            @Nullable NetworkStatus status) {
        OwnerReference owner = network.owner();
        if (owner == null) {
            return true;
        }
        boolean pods = owner.role().equals(Role.POD.word());
        String name = status == null ? null : status.cidr();
        List<RemappedRange> listed = configuration
                .map(ConfigurationStatus::remote)
                .map(remote -> pods ? remote.podCIDRs() : remote.externalCIDRs())
                .orElse(List.of());
        try {
            Cidr truth = Cidr.parse(Objects.requireNonNullElse(network.trueCIDR(), owner.cidr()));
            return OwnCluster.cidrs(pods ? peering.podCIDRs() : peering.externalCIDRs())
                            .contains(truth)
                    || listed.stream().anyMatch(range -> range.remapped().equals(name));
        } catch (AddressException unreadable) {
            // Of a Peering that nobody can read, nothing is taken away.
            return true;
        }
    }

    /** The key of the grant that each of these ranges goes by: one of its own for each. */
    Map<Cidr, Cidr> keys(Collection<Cidr> ranges) {
        Draft draft = new Draft(ranges);
        // What a Network says that it stands for.
        holders.forEach(holder -> draft.assign(holder.truth(), holder.key()));
        // What the data path knows by that name. It counts too, because the two objects are read from caches of which
        // either may lag, and because a peer may go back to a range that it is just leaving.
        draft.open().forEach(range -> standIn(draft, range).ifPresent(holder -> draft.assign(range, holder.key())));
        draft.open().forEach(range -> predecessor(draft, range).ifPresent(holder -> draft.assign(range, holder.key())));
        draft.open().forEach(draft::assignOwn);
        return draft.keyOf;
    }

    private Optional<RangeHolder> standIn(Draft draft, Cidr range) {
        Cidr name = listed.get(range);
        return name == null
                ? Optional.empty()
                : draft
                        .free(holder -> holder.fits(range)
                                && holder.block().filter(name::equals).isPresent())
                        .stream()
                        .findFirst();
    }

    /** The only one whose range went, if this is the only range of that length that came. */
    private Optional<RangeHolder> predecessor(Draft draft, Cidr range) {
        List<RangeHolder> left = draft.free(holder -> holder.fits(range) && listed.containsKey(holder.truth()));
        boolean alone = draft.open().stream()
                        .filter(other -> RangeHolder.sameShape(other, range))
                        .count()
                == 1;
        return alone && left.size() == 1 ? Optional.of(left.getFirst()) : Optional.empty();
    }

    /** An assignment while it is being made. Mutable, for one thread. */
    private final class Draft {
        private final TreeSet<Cidr> open;
        private final Map<Cidr, Cidr> keyOf = new TreeMap<>();
        private final Map<Cidr, Cidr> rangeOf = new HashMap<>();

        Draft(Collection<Cidr> ranges) {
            this.open = new TreeSet<>(ranges);
        }

        /** The ranges that have no key yet, as they are now. */
        List<Cidr> open() {
            return List.copyOf(open);
        }

        List<RangeHolder> free(Predicate<RangeHolder> wanted) {
            return holders.stream()
                    .filter(holder -> !rangeOf.containsKey(holder.key()))
                    .filter(wanted)
                    .toList();
        }

        void assign(Cidr range, Cidr key) {
            if (!rangeOf.containsKey(key) && open.remove(range)) {
                keyOf.put(range, key);
                rangeOf.put(key, range);
            }
        }

        /**
         * The range itself, unless the grant of that key stands for another one by now; then that one's own key, and so
         * on. It ends, because no two ranges have one key and this range has none.
         */
        void assignOwn(Cidr range) {
            Cidr key = range;
            for (Cidr user = rangeOf.get(key); user != null; user = rangeOf.get(key)) {
                key = user;
            }
            assign(range, key);
        }
    }
}
