// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.networking.ClusterGatewaySpec;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.Connection;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.remap.Remap;
import dev.hawser.tunnel.engine.PeerConfig;
import dev.hawser.tunnel.engine.TunnelConfig;
import dev.hawser.tunnel.node.NodeNetwork;
import dev.hawser.tunnel.route.LocalSide;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Turns the objects into a plan. Pure: the same objects in any order give the same plan. */
final class Planner {
    private static final int WIREGUARD_PORT = 51_820;

    private final ClusterView view;
    private final Surroundings surroundings;
    private final List<String> problems = new ArrayList<>();

    private Planner(ClusterView view, Surroundings surroundings) {
        this.view = view;
        this.surroundings = surroundings;
    }

    static GatewayPlan plan(ClusterView view, Surroundings surroundings) {
        return new Planner(view, surroundings).plan();
    }

    private GatewayPlan plan() {
        Optional<ClusterGatewaySpec> spec = view.gateway().flatMap(gateway -> Optional.ofNullable(gateway.getSpec()));
        if (spec.isEmpty()) {
            problems.add("there is no ClusterGateway; create it, manifests/kustomize/example has one");
        }
        OwnRanges own = spec.map(some -> OwnRanges.of(some, problems::add)).orElse(OwnRanges.NONE);
        Map<String, RangePlan> ranges = ranges(own);
        PeerPlanner peerPlanner = new PeerPlanner(surroundings, ranges);
        List<PeerPlan> peers = view.connections().stream()
                .sorted(Comparator.comparing(
                        (Connection connection) -> connection.getMetadata().getName()))
                .map(peerPlanner::plan)
                .toList();
        ExposurePlanner exposures = new ExposurePlanner(view.exposures(), problems::add);
        LocalSide local = new LocalSide(own.pods(), own.externals(), exposures.exposures());
        return new GatewayPlan(
                surroundings.keys().map(keys -> tunnel(keys, spec, local, peers)),
                new NodeNetwork(
                        mtu(spec), local.gatewayAddresses(), own.pods(), remapped(ranges), exposures.masqueraded()),
                peers,
                problems,
                peerPlanner.hostNames());
    }

    private Map<String, RangePlan> ranges(OwnRanges own) {
        Map<String, RangePlan> ranges = new TreeMap<>();
        view.configurations().stream()
                .sorted(Comparator.comparing((Configuration configuration) ->
                        configuration.getMetadata().getName()))
                .forEach(configuration -> {
                    String peer = configuration.getSpec().remote().clusterID();
                    RangePlan earlier = ranges.putIfAbsent(peer, RangePlan.of(configuration, own));
                    if (earlier != null) {
                        problems.add(
                                "Configuration " + configuration.getMetadata().getName() + " is for cluster " + peer
                                        + ", which has one already; delete one of the two");
                    }
                });
        return ranges;
    }

    /**
     * All complete ranges, also those of peers that are not served now: their packets must end at the tunnel, not at the
     * default route.
     */
    private static List<Cidr> remapped(Map<String, RangePlan> ranges) {
        return ranges.values().stream()
                .flatMap(plan -> switch (plan) {
                    case RangePlan.Complete(List<Remap> pods, List<Remap> externals) ->
                        Stream.concat(pods.stream(), externals.stream());
                    case RangePlan.Incomplete _, RangePlan.Invalid _ -> Stream.<Remap>empty();
                })
                .map(Remap::to)
                // While a peer changes a range, two true ones have that name.
                .distinct()
                .toList();
    }

    private static TunnelConfig tunnel(
            KeyMaterial keys, Optional<ClusterGatewaySpec> spec, LocalSide local, List<PeerPlan> plans) {
        List<PeerConfig> peers = new ArrayList<>();
        for (PeerPlan plan : plans) {
            if (plan instanceof PeerPlan.Served served) {
                peers.add(served.config());
            }
        }
        List<Integer> ports = spec.map(ClusterGatewaySpec::listenPorts).orElse(List.of());
        return new TunnelConfig(
                keys.staticKeys(),
                ports.isEmpty()
                        ? List.of(WIREGUARD_PORT)
                        : ports.stream().distinct().toList(),
                local,
                peers);
    }

    /** A smaller one than the device was opened for is fine; a larger one needs it opened anew, so it is not followed. */
    private int mtu(Optional<ClusterGatewaySpec> spec) {
        return spec.flatMap(some -> Optional.ofNullable(some.mtu()))
                .map(mtu -> Math.min(mtu, surroundings.deviceMtu()))
                .orElse(surroundings.deviceMtu());
    }
}
