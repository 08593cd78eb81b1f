// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.PeerAPIServer;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.cli.demo.DemoState;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import java.util.List;
import java.util.stream.Stream;

/** Calls from one cluster to the other. */
record Direction(RunningDemo demo, DemoState.Cluster from, DemoState.Cluster to) {
    static Stream<Direction> both(RunningDemo demo) {
        return demo.clusters().stream().map(from -> new Direction(demo, from, demo.peerOf(from)));
    }

    /** A check's name with the direction in it. */
    String named(String check) {
        return check + "[" + from.id() + "->" + to.id() + "]";
    }

    /** How the calling cluster says that the other's API server is reached. */
    PeerAPIServer apiServer() {
        Peering peering = demo.get(from, Peering.class, "peerings", "hawser", to.id());
        PeerAPIServer server =
                peering.getStatus() == null ? null : peering.getStatus().apiServer();
        if (server == null || server.address() == null) {
            throw new CheckFailedException(
                    "Peering " + to.id() + " in " + from.id() + " has no status.apiServer.address");
        }
        return server;
    }

    /** The same address as the called cluster's IP object has it. */
    String addressInPeersIp() {
        IP ip = demo.get(to, IP.class, "ip", "hawser", "api-server-proxy");
        return ip.getStatus().peers().stream()
                .filter(peer -> peer.clusterID().equals(from.id()))
                .map(peer -> String.valueOf(peer.address()))
                .findFirst()
                .orElseThrow(() -> new CheckFailedException(
                        "IP api-server-proxy in " + to.id() + " has no status.peers entry for " + from.id()));
    }

    /** A pod address of the called cluster as the calling one names it. */
    String nameOf(String podAddress) {
        return remapped(from, to, podAddress);
    }

    /** A pod address of the calling cluster as the called one sees it. */
    String seenAs(String podAddress) {
        return remapped(to, from, podAddress);
    }

    private String remapped(DemoState.Cluster in, DemoState.Cluster of, String podAddress) {
        Configuration configuration = demo.get(in, Configuration.class, "configurations", "hawser", of.id());
        var status = configuration.getStatus();
        List<RemappedRange> ranges = status == null || status.remote() == null
                ? List.of()
                : status.remote().podCIDRs();
        IpAddress address = IpAddress.parse(podAddress);
        return ranges.stream()
                .map(range -> new Remap(Cidr.parse(range.cidr()), Cidr.parse(range.remapped())))
                .filter(remap -> remap.covers(address))
                .map(remap -> remap.apply(address).toString())
                .findFirst()
                .orElseThrow(() -> new CheckFailedException(
                        "Configuration " + of.id() + " in " + in.id() + " has no name for " + podAddress));
    }
}
