// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.route;

import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Turns configuration into {@link Routes}, in an order that does not depend on the order of its input. */
final class RoutesCompiler {
    /** What names no host that could be elsewhere: unspecified, loopback, link-local, multicast and mapped addresses. */
    private static final List<Cidr> NOT_UNICAST = Stream.of(
                    "0.0.0.0/8",
                    "127.0.0.0/8",
                    "169.254.0.0/16",
                    "224.0.0.0/4",
                    "255.255.255.255/32",
                    "::/64",
                    "fe80::/10",
                    "ff00::/8")
            .map(Cidr::parse)
            .toList();

    private final LocalSide local;
    private final List<PeerRanges> peers;
    private final Map<Cidr, Routes.Destination> destinations = new TreeMap<>();
    private final Map<Cidr, LocalAddress> localSources = new HashMap<>();
    private final Map<Cidr, LocalAddress> localDestinations = new HashMap<>();
    private final Map<String, String> peerProblems = new TreeMap<>();
    private final List<String> exposureProblems = new ArrayList<>();

    RoutesCompiler(LocalSide local, List<PeerRanges> peers) {
        this.local = local;
        this.peers =
                peers.stream().sorted(Comparator.comparing(PeerRanges::peer)).toList();
    }

    Routes compile() {
        for (Cidr pods : local.podCidrs()) {
            localSources.put(pods, new LocalAddress.Pod());
            localDestinations.put(pods, new LocalAddress.Pod());
        }
        for (IpAddress address : local.gatewayAddresses()) {
            localSources.put(Cidr.host(address), new LocalAddress.Gateway());
            localDestinations.put(Cidr.host(address), new LocalAddress.Gateway());
        }
        List<PeerRoutes> compiled = new ArrayList<>();
        for (PeerRanges peer : peers) {
            compiled.add(addPeer(peer, compiled.size()));
        }
        // After the peers: an exposure must not lead back into a tunnel.
        local.exposures().stream().sorted(Comparator.comparing(Exposure::name)).forEach(this::addExposure);
        return new Routes(
                PrefixTable.of(destinations),
                PrefixTable.of(localSources),
                PrefixTable.of(localDestinations),
                compiled,
                new RouteProblems(peerProblems, exposureProblems));
    }

    private void addExposure(Exposure exposure) {
        String reason = refusal(exposure);
        if (reason != null) {
            exposureProblems.add("IP " + exposure.name() + ": " + reason);
            return;
        }
        Cidr inside = Cidr.host(exposure.local());
        Cidr outside = Cidr.host(exposure.external());
        Remap inward = new Remap(outside, inside);
        localDestinations.put(outside, new LocalAddress.Exposed(exposure, AddressRewrite.of(inward)));
        localSources.put(inside, new LocalAddress.Exposed(exposure, AddressRewrite.of(inward.inverse())));
    }

    private @Nullable String refusal(Exposure exposure) {
        if (exposure.local().family() != exposure.external().family()) {
            return exposure.local() + " and " + exposure.external() + " are of different families";
        }
        if (local.externalCidrs().stream().noneMatch(cidr -> cidr.usable(exposure.external()))) {
            return exposure.external() + " is no usable address of the external CIDRs " + local.externalCidrs();
        }
        if (localDestinations.containsKey(Cidr.host(exposure.external()))) {
            return exposure.external() + " is taken by the gateway or another IP object";
        }
        if (localSources.containsKey(Cidr.host(exposure.local()))) {
            return exposure.local() + " has an external address already; remove one of the two IP objects";
        }
        if (local.podCidrs().stream().anyMatch(cidr -> cidr.contains(exposure.local()))) {
            return exposure.local() + " is a pod address; peers reach it under the remapped pod CIDR";
        }
        if (local.externalCidrs().stream().anyMatch(cidr -> cidr.contains(exposure.local()))) {
            return exposure.local() + " is itself an address of the external CIDRs; expose what stands behind it";
        }
        if (!isUnicast(Cidr.host(exposure.local()))) {
            return exposure.local() + " means this host or one link only; expose an address that others can route to";
        }
        return loop(exposure.local());
    }

    /** Traffic of one peer to another goes between those two: sent on by us it would carry a source that nobody can check. */
    private @Nullable String loop(IpAddress address) {
        for (Map.Entry<Cidr, Routes.Destination> taken : destinations.entrySet()) {
            if (taken.getKey().contains(address)) {
                return address + " lies in " + taken.getKey() + ", which is peer "
                        + taken.getValue().peer().id() + "; expose it over there";
            }
        }
        return null;
    }

    private static boolean isUnicast(Cidr range) {
        return NOT_UNICAST.stream().noneMatch(cidr -> cidr.overlaps(range));
    }

    private PeerRoutes addPeer(PeerRanges peer, int index) {
        List<Remap> accepted = new ArrayList<>();
        for (Remap range : peer.ranges()) {
            String reason = refusal(range, accepted);
            if (reason == null) {
                accepted.add(range);
            } else {
                peerProblems.merge(peer.peer(), reason, (one, other) -> one + "; " + other);
            }
        }
        Map<Cidr, AddressRewrite> trueRanges = new HashMap<>();
        accepted.forEach(range -> trueRanges.put(range.from(), AddressRewrite.of(range)));
        PeerRoutes routes = new PeerRoutes(peer.peer(), index, PrefixTable.of(trueRanges));
        // Of true ranges with one name the first is where packets go; what comes may come from any of them.
        accepted.forEach(range -> destinations.putIfAbsent(
                range.to(), new Routes.Destination(routes, AddressRewrite.of(range.inverse()))));
        return routes;
    }

    private @Nullable String refusal(Remap range, List<Remap> accepted) {
        if (!isUnicast(range.from()) || !isUnicast(range.to())) {
            return "range " + range.from() + " as " + range.to()
                    + " holds addresses that mean one host or one link only";
        }
        List<Cidr> own = new ArrayList<>(local.podCidrs());
        own.addAll(local.externalCidrs());
        for (Cidr cidr : own) {
            if (cidr.overlaps(range.to())) {
                return "remapped range " + range.to() + " overlaps this cluster's own " + cidr;
            }
        }
        for (Map.Entry<Cidr, Routes.Destination> taken : destinations.entrySet()) {
            if (taken.getKey().overlaps(range.to())) {
                return "remapped range " + range.to() + " overlaps " + taken.getKey() + " of peer "
                        + taken.getValue().peer().id();
            }
        }
        for (Remap other : accepted) {
            // Two true ranges may have one name while the peer changes from one to the other.
            boolean nameTaken = other.to().overlaps(range.to()) && !other.to().equals(range.to());
            if (nameTaken || other.from().overlaps(range.from())) {
                return "range " + range.from() + " as " + range.to() + " overlaps the same peer's " + other.from()
                        + " as " + other.to();
            }
        }
        return null;
    }
}
