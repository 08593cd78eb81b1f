// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One of our routes. They carry a routing protocol number of their own, so that a gateway that was killed finds them
 * again and no foreign route is ever touched.
 *
 * @param mtu the largest packet it takes, 0 for what its device takes
 * @param hop of a route past the tunnel: where it leads, as {@code ip} says it; else empty
 */
record NodeRoute(Cidr destination, Kind kind, int mtu, String hop) {
    /** Neither in iproute2's list nor claimed by a routing daemon. */
    static final int PROTOCOL = 72;

    private static final int LAST_RESORT_METRIC = 65_000;

    /** What the route does. */
    enum Kind {
        /** Leads into the tunnel device and vanishes with it. */
        TUNNEL,
        /** Stands behind the other with a high metric and refuses what would otherwise take the default route. */
        UNREACHABLE,
        /**
         * Leads past the tunnel to a peer's endpoint, by the way it would take anyway, but in fragments: for a path that takes less
         * than IPv6 needs inside.
         */
        OUTER
    }

    /** A route that takes what its device takes. */
    NodeRoute(Cidr destination, Kind kind) {
        this(destination, kind, 0, "");
    }

    /** Whether the kernel takes the other for this one, so that it can only be put in its place. */
    boolean isSameBut(NodeRoute other) {
        return destination.equals(other.destination) && kind == other.kind;
    }

    /** The arguments that add or delete this route. */
    String arguments(String device) {
        return switch (kind) {
            case TUNNEL -> destination + " dev " + device + " proto " + PROTOCOL + (mtu == 0 ? "" : " mtu " + mtu);
            case OUTER -> destination + " " + hop + " proto " + PROTOCOL + " mtu lock " + mtu;
            case UNREACHABLE -> "unreachable " + destination + " metric " + LAST_RESORT_METRIC + " proto " + PROTOCOL;
        };
    }

    /** Reads a line of {@code ip route show}; nothing if it is no route of one of the two kinds. */
    static Optional<NodeRoute> parse(String line) {
        List<String> words = Arrays.asList(line.strip().split("\\s+"));
        boolean unreachable = words.getFirst().equals("unreachable");
        if (words.size() < 2) {
            return Optional.empty();
        }
        String destination = words.get(unreachable ? 1 : 0);
        try {
            Cidr cidr = destination.contains("/") ? Cidr.parse(destination) : Cidr.host(IpAddress.parse(destination));
            int mtu = words.indexOf("mtu");
            boolean locked =
                    mtu > 0 && mtu + 2 < words.size() && words.get(mtu + 1).equals("lock");
            int bytes = mtu > 0 && mtu + 1 < words.size() ? Integer.parseInt(words.get(mtu + (locked ? 2 : 1))) : 0;
            if (unreachable) {
                return Optional.of(new NodeRoute(cidr, Kind.UNREACHABLE));
            }
            return Optional.of(
                    locked
                            ? new NodeRoute(cidr, Kind.OUTER, bytes, hop(words))
                            : new NodeRoute(cidr, Kind.TUNNEL, bytes, ""));
        } catch (AddressException | NumberFormatException notOurs) {
            return Optional.empty();
        }
    }

    /** The gateway and the device of a route, as far as it names them. */
    private static String hop(List<String> words) {
        return Stream.of("via", "dev")
                .filter(word -> words.indexOf(word) >= 0 && words.indexOf(word) + 1 < words.size())
                .map(word -> word + " " + words.get(words.indexOf(word) + 1))
                .collect(Collectors.joining(" "));
    }

    /**
     * The way to an address among the lines of {@code ip route show match}: the longest prefix, then the lowest metric. Ours do not
     * count, nor those with several hops.
     */
    static Optional<String> wayTo(IpAddress address, String lines) {
        return lines.lines()
                .map(line -> Arrays.asList(line.strip().split("\\s+")))
                .filter(words -> words.contains("dev") && !words.contains("unreachable"))
                .filter(words -> words.indexOf("proto") < 0
                        || !words.get(words.indexOf("proto") + 1).equals(String.valueOf(PROTOCOL)))
                .filter(words -> length(words.getFirst(), address) >= 0)
                .max(Comparator.<List<String>>comparingInt(words -> length(words.getFirst(), address))
                        .thenComparing(NodeRoute::metric, Comparator.reverseOrder()))
                .map(NodeRoute::hop);
    }

    /** Length of a prefix that holds an address, or -1. */
    private static int length(String prefix, IpAddress address) {
        if (prefix.equals("default")) {
            return 0;
        }
        try {
            Cidr cidr = prefix.contains("/") ? Cidr.parse(prefix) : Cidr.host(IpAddress.parse(prefix));
            return cidr.family() == address.family() && cidr.contains(address) ? cidr.prefixLength() : -1;
        } catch (AddressException noPrefix) {
            return -1;
        }
    }

    private static int metric(List<String> words) {
        int at = words.indexOf("metric");
        return at < 0 || at + 1 >= words.size() ? 0 : Integer.parseInt(words.get(at + 1));
    }
}
