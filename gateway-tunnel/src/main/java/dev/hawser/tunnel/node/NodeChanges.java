// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.node;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.Family;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The lines for {@code ip -batch} that lead from what is to what shall be; none if both are the same.
 *
 * <p>The order keeps packets from leaking: a range is unreachable before it is routed and until after it no longer is, and
 * the device has its address before a route makes the kernel choose a source.
 */
final class NodeChanges {
    private static final Comparator<NodeRoute> BY_DESTINATION = Comparator.comparing(NodeRoute::destination);

    private NodeChanges() {}

    /** What is to be done; while the device is missing only the routes that refuse. */
    static List<String> between(ObservedNode now, NodeNetwork wanted, String device) {
        List<String> lines = new ArrayList<>();
        if (now.hasDevice()) {
            if (!now.up() || now.mtu() != wanted.mtu()) {
                // No link-local address: the device has no neighbours, and router solicitations would only be dropped.
                lines.add("link set " + device + " addrgenmode none");
                lines.add("link set " + device + " mtu " + wanted.mtu() + " up");
            }
            missing(wanted.gatewayAddresses(), now.addresses())
                    .forEach(address -> lines.add("address add " + Cidr.host(address) + " dev " + device));
        }
        Set<NodeRoute> routes = routes(wanted, now, now.hasDevice());
        add(lines, missing(routes, now.routes()), now.routes(), device);
        remove(
                lines,
                missing(now.routes(), routes).filter(route -> routes.stream().noneMatch(route::isSameBut)),
                device);
        missing(now.addresses(), wanted.gatewayAddresses())
                .sorted()
                .map(Cidr::host)
                .forEach(address -> lines.add("address del " + address + " dev " + device));
        return lines;
    }

    /** What of the wanted state is not there, for people; empty if all is. */
    static List<String> lacking(ObservedNode now, NodeNetwork wanted, String device) {
        if (!now.hasDevice()) {
            return List.of("device " + device + " does not exist");
        }
        Stream<String> addresses =
                missing(wanted.gatewayAddresses(), now.addresses()).map(address -> "address " + address);
        Stream<String> routes =
                missing(routes(wanted, now, true), now.routes()).map(route -> "route " + route.arguments(device));
        Stream<String> link = now.up() ? Stream.empty() : Stream.of("link state up");
        Stream<String> forwarding = deadEnds(now, wanted)
                .map(family -> "forwarding of " + family + " (the node must have "
                        + (family == Family.IPV4 ? "net.ipv4.ip_forward" : "net.ipv6.conf.all.forwarding") + "=1)");
        return Stream.of(link, addresses, routes, forwarding)
                .flatMap(lines -> lines)
                .toList();
    }

    /** Remapped ranges that no route leads into the tunnel, whatever its MTU. */
    static Set<Cidr> unrouted(ObservedNode now, NodeNetwork wanted) {
        return routes(wanted, now, true).stream()
                .filter(route -> route.kind() != NodeRoute.Kind.OUTER)
                .filter(route -> now.routes().stream().noneMatch(route::isSameBut))
                .map(NodeRoute::destination)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** Whether the device is there, up, and has its addresses, and pods of some family get anywhere. */
    static boolean isUsable(ObservedNode now, NodeNetwork wanted) {
        boolean deadEnd = !wanted.podCidrs().isEmpty()
                && wanted.podCidrs().stream().allMatch(cidr -> now.deadEnds().contains(cidr.family()));
        return now.hasDevice() && now.up() && now.addresses().containsAll(wanted.gatewayAddresses()) && !deadEnd;
    }

    /** Families whose packets the kernel does not pass on, though pods have addresses of them; probes do not notice. */
    private static Stream<Family> deadEnds(ObservedNode now, NodeNetwork wanted) {
        return wanted.podCidrs().stream().map(Cidr::family).distinct().filter(now.deadEnds()::contains);
    }

    private static Set<NodeRoute> routes(NodeNetwork wanted, ObservedNode now, boolean hasDevice) {
        Set<NodeRoute> routes = new LinkedHashSet<>();
        for (Cidr cidr : wanted.remappedCidrs()) {
            routes.add(new NodeRoute(cidr, NodeRoute.Kind.UNREACHABLE));
            if (hasDevice) {
                routes.add(new NodeRoute(
                        cidr, NodeRoute.Kind.TUNNEL, wanted.pathMtus().getOrDefault(cidr, 0), ""));
            }
        }
        wanted.narrow().forEach((endpoint, mtu) -> {
            String hop = now.ways().get(endpoint);
            if (hop != null) {
                routes.add(new NodeRoute(Cidr.host(endpoint), NodeRoute.Kind.OUTER, mtu, hop));
            }
        });
        return routes;
    }

    private static void add(List<String> lines, Stream<NodeRoute> routes, Set<NodeRoute> present, String device) {
        routes.sorted(Comparator.comparing(NodeRoute::kind).reversed().thenComparing(BY_DESTINATION))
                .forEach(route -> {
                    String verb = present.stream().anyMatch(route::isSameBut) ? "replace " : "add ";
                    lines.add("route " + verb + route.arguments(device));
                });
    }

    private static void remove(List<String> lines, Stream<NodeRoute> routes, String device) {
        routes.sorted(Comparator.comparing(NodeRoute::kind).thenComparing(BY_DESTINATION))
                .forEach(route -> lines.add("route del " + route.arguments(device)));
    }

    private static <T> Stream<T> missing(Collection<T> wanted, Collection<T> present) {
        return wanted.stream().filter(each -> !present.contains(each));
    }
}
