// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * One of our routes. They carry a routing protocol number of their own, so that a gateway that was killed finds them
 * again and no foreign route is ever touched.
 */
record NodeRoute(Cidr destination, Kind kind) {
    /** Neither in iproute2's list nor claimed by a routing daemon. */
    static final int PROTOCOL = 72;

    private static final int LAST_RESORT_METRIC = 65_000;

    /** What the route does. */
    enum Kind {
        /** Leads into the tunnel device and vanishes with it. */
        TUNNEL,
        /** Stands behind the other with a high metric and refuses what would otherwise take the default route. */
        UNREACHABLE
    }

    /** The arguments that add or delete this route. */
    String arguments(String device) {
        return switch (kind) {
            case TUNNEL -> destination + " dev " + device + " proto " + PROTOCOL;
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
            return Optional.of(new NodeRoute(cidr, unreachable ? Kind.UNREACHABLE : Kind.TUNNEL));
        } catch (AddressException notOurs) {
            return Optional.empty();
        }
    }
}
