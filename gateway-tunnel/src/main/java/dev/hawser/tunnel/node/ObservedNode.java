// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import dev.hawser.ipam.address.AddressException;
import dev.hawser.ipam.address.Family;
import dev.hawser.ipam.address.IpAddress;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code ip} says about the tunnel device and about our routes.
 *
 * @param mtu of the device, 0 if there is none
 * @param up whether the device is administratively up
 * @param addresses on the device, link-local ones left out
 * @param deadEnds families of which the kernel passes nothing on to others
 * @param routes that carry our protocol number
 * @param ways where others' routes lead to the endpoints that were asked for
 */
record ObservedNode(
        int mtu,
        boolean up,
        Set<IpAddress> addresses,
        Set<Family> deadEnds,
        Set<NodeRoute> routes,
        Map<IpAddress, String> ways) {
    private static final Pattern LINK = Pattern.compile("\\d+: [^ ]+: <([^>]*)> mtu (\\d+) .*");
    private static final Pattern ADDRESS = Pattern.compile("\\s+inet6? ([0-9a-f.:]+)(?:/\\d+)? .*scope (\\w+).*");

    ObservedNode {
        addresses = Set.copyOf(addresses);
        deadEnds = Set.copyOf(deadEnds);
        routes = Set.copyOf(routes);
        ways = Map.copyOf(ways);
    }

    /** The same node, of which the ways to some endpoints are known. */
    ObservedNode with(Map<IpAddress, String> found) {
        return new ObservedNode(mtu, up, addresses, deadEnds, routes, found);
    }

    /** Reads what {@code ip} says to {@code address show dev}, {@code netconf show dev} and {@code route show}. */
    static ObservedNode parse(String output) {
        int mtu = 0;
        boolean up = false;
        Set<IpAddress> addresses = new LinkedHashSet<>();
        Set<Family> deadEnds = EnumSet.noneOf(Family.class);
        Set<NodeRoute> routes = new LinkedHashSet<>();
        for (String line : output.lines().toList()) {
            Matcher link = LINK.matcher(line);
            if (link.matches()) {
                mtu = Integer.parseInt(link.group(2));
                up = List.of(link.group(1).split(",")).contains("UP");
            } else if (line.startsWith(" ")) {
                address(line).ifPresent(addresses::add);
            } else if (line.startsWith("inet") && line.contains(" forwarding off ")) {
                deadEnds.add(line.startsWith("inet6 ") ? Family.IPV6 : Family.IPV4);
            } else if (!line.isBlank()) {
                NodeRoute.parse(line).ifPresent(routes::add);
            }
        }
        return new ObservedNode(mtu, up, addresses, deadEnds, routes, Map.of());
    }

    private static Optional<IpAddress> address(String line) {
        Matcher address = ADDRESS.matcher(line);
        if (!address.matches() || address.group(2).equals("link")) {
            return Optional.empty();
        }
        try {
            return Optional.of(IpAddress.parse(address.group(1)));
        } catch (AddressException notAnAddress) {
            return Optional.empty();
        }
    }

    /** Whether the device exists. */
    boolean hasDevice() {
        return mtu > 0;
    }
}
