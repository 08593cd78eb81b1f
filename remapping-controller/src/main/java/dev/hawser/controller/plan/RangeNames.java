// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.networking.RemappedRange;
import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The names that one cluster gives to ranges of another. Immutable.
 *
 * @param remaps from true ranges to names; of two ranges with one name the first is where packets to the name go
 */
public record RangeNames(List<Remap> remaps) {
    /** Copies the list. */
    public RangeNames {
        remaps = List.copyOf(remaps);
    }

    /** The names that an object lists, as far as they can be read: a hand may have edited it. */
    public static RangeNames of(List<RemappedRange> ranges) {
        List<Remap> remaps = new ArrayList<>();
        for (RemappedRange range : ranges) {
            try {
                remaps.add(new Remap(Cidr.parse(range.cidr()), Cidr.parse(range.remapped())));
            } catch (AddressException editedByHand) {
                // The controller writes it anew.
            }
        }
        return new RangeNames(remaps);
    }

    /** The remap that has a name for this true address. */
    public Optional<Remap> covering(IpAddress truth) {
        return remaps.stream().filter(remap -> remap.covers(truth)).findFirst();
    }

    /** The remap whose name holds this address. */
    public Optional<Remap> behind(IpAddress name) {
        return remaps.stream().filter(remap -> remap.to().contains(name)).findFirst();
    }

    /** What a true address is called. */
    public Optional<IpAddress> nameOf(IpAddress truth) {
        return covering(truth).map(remap -> remap.apply(truth));
    }

    /** Where a packet to this name goes. */
    public Optional<IpAddress> truthOf(IpAddress name) {
        return behind(name).map(remap -> remap.inverse().apply(name));
    }
}
