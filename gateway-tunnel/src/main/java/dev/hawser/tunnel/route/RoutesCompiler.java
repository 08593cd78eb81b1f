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
import org.jspecify.annotations.Nullable;

/** Turns configuration into {@link Routes}, in an order that does not depend on the order of its input. */
final class RoutesCompiler {
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
        local.exposures().stream().sorted(Comparator.comparing(Exposure::name)).forEach(this::addExposure);
        List<PeerRoutes> compiled = new ArrayList<>();
        for (PeerRanges peer : peers) {
            compiled.add(addPeer(peer, compiled.size()));
        }
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
        return null;
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
        accepted.forEach(range ->
                destinations.put(range.to(), new Routes.Destination(routes, AddressRewrite.of(range.inverse()))));
        return routes;
    }

    private @Nullable String refusal(Remap range, List<Remap> accepted) {
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
            if (other.to().overlaps(range.to()) || other.from().overlaps(range.from())) {
                return "range " + range.from() + " as " + range.to() + " overlaps the same peer's " + other.from()
                        + " as " + other.to();
            }
        }
        return null;
    }
}
