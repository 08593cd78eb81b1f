// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.admission;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Whose an address is. A peer's ranges win over what is refused, and that over what is admitted; an address in none of them
 * is refused. Within the peers the longest prefix wins. Immutable.
 */
public final class Sources {
    /** The name of everybody who is admitted and no known peer. No cluster has it: an ID is a DNS label. */
    public static final String OTHER = "(other)";

    /** Every source is admitted, and none is known by name: what the proxy does where nobody told it about sources. */
    public static final Sources EVERYBODY = new Sources(List.of(), List.of(), List.of(), true);

    private final List<Cidr> admitted;
    private final List<Cidr> refused;
    private final Map<Cidr, String> peers = new HashMap<>();
    /** The prefix lengths that occur among the peers, the longest first: few, however many peers there are. */
    private final List<Integer> lengths;

    private final Set<String> names = new TreeSet<>();
    private final boolean everybody;

    private Sources(List<Cidr> admitted, List<Cidr> refused, List<Peer> peers, boolean everybody) {
        this.admitted = List.copyOf(admitted);
        this.refused = List.copyOf(refused);
        this.everybody = everybody;
        for (Peer peer : peers) {
            names.add(peer.name());
            peer.cidrs().forEach(cidr -> this.peers.put(cidr, peer.name()));
        }
        this.lengths = new ArrayList<>(this.peers.keySet().stream()
                .map(Cidr::prefixLength)
                .distinct()
                .sorted(Comparator.reverseOrder())
                .toList());
    }

    /** A peer and the ranges under which it is known here. */
    public record Peer(String name, List<Cidr> cidrs) {
        public Peer {
            cidrs = List.copyOf(cidrs);
        }
    }

    /** Sources by ranges. A range that two peers claim belongs to the one named last. */
    public static Sources of(List<Cidr> admitted, List<Cidr> refused, List<Peer> peers) {
        return new Sources(admitted, refused, peers, false);
    }

    /** The name of whom the address belongs to, {@link #OTHER} for one who is admitted without a name, null for a refused one. */
    public @Nullable String owner(IpAddress address) {
        for (int length : lengths) {
            if (length <= address.family().bits()) {
                String peer = peers.get(Cidr.enclosing(address, length));
                if (peer != null) {
                    return peer;
                }
            }
        }
        if (everybody) {
            return OTHER;
        }
        return contains(admitted, address) && !contains(refused, address) ? OTHER : null;
    }

    /** Whether nobody is told apart from anybody. */
    public boolean everybody() {
        return everybody;
    }

    /** The names of the known peers. */
    public Set<String> names() {
        return Set.copyOf(names);
    }

    private static boolean contains(List<Cidr> cidrs, IpAddress address) {
        for (Cidr cidr : cidrs) {
            if (cidr.contains(address)) {
                return true;
            }
        }
        return false;
    }
}
