// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.api.ipam.IP;
import dev.hawser.api.ipam.IPPeer;
import dev.hawser.api.networking.Configuration;
import dev.hawser.api.networking.PeerAPIServer;
import dev.hawser.api.networking.Peering;
import dev.hawser.api.networking.RemappedRange;
import dev.hawser.cli.demo.DemoState;
import dev.hawser.ipam.address.Cidr;
import dev.hawser.ipam.address.IpAddress;
import dev.hawser.ipam.remap.Remap;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls from one cluster to the other. The names that are in force are asked for once, so that calls go on while an API
 * server is away. May be used from several threads.
 */
final class Direction {
    private final RunningDemo demo;
    private final DemoState.Cluster from;
    private final DemoState.Cluster to;
    private @Nullable Names names;

    private record Names(PeerAPIServer server, Configuration inFrom, Configuration inTo) {}

    Direction(RunningDemo demo, DemoState.Cluster from, DemoState.Cluster to) {
        this.demo = demo;
        this.from = from;
        this.to = to;
    }

    DemoState.Cluster from() {
        return from;
    }

    DemoState.Cluster to() {
        return to;
    }

    DemoPod caller(String pod) {
        return demo.pod(from, pod);
    }

    DemoPod called(String pod) {
        return demo.pod(to, pod);
    }

    @Override
    public String toString() {
        return from.id() + "->" + to.id();
    }

    /** A promise about calls in this direction; {@code pod} is the caller. */
    Check check(String name, String what, String pod, String next, Callable<String> body) {
        String where = "pod " + pod + " of " + from.id() + ", calling " + to.id();
        return new Check(name + "[" + this + "]", what, where, next, body);
    }

    /** Asks both clusters for the names in force, unless that was done before. */
    void learn() {
        names();
    }

    /** How the calling cluster says that the other's API server is reached. */
    PeerAPIServer apiServer() {
        return names().server();
    }

    /** URL of the other's proxy for the calling cluster. */
    String proxy() {
        return "http://" + apiServer().address() + ":8118";
    }

    /** The same addresses as the called cluster's IP object has them, one for each family. */
    List<String> addressesInPeersIp() {
        IP ip = demo.get(to, IP.class, "hawser", "api-server-proxy");
        return Stream.ofNullable(ip.getStatus())
                .flatMap(status -> status.peers().stream())
                .filter(peer -> peer.clusterID().equals(from.id()))
                .map(IPPeer::addresses)
                .findFirst()
                .orElseThrow(() -> new CheckFailedException(
                        "IP api-server-proxy in " + to.id() + " has no status.peers entry for " + from.id()));
    }

    /** A pod address of the called cluster as the calling one names it. */
    String nameOf(String podAddress) {
        return remapped(names().inFrom(), from, podAddress);
    }

    /** A pod address of the calling cluster as the called one sees it. */
    String seenAs(String podAddress) {
        return remapped(names().inTo(), to, podAddress);
    }

    private synchronized Names names() {
        Names known = names;
        if (known == null) {
            known = new Names(askForServer(), configuration(from, to), configuration(to, from));
            names = known;
        }
        return known;
    }

    private PeerAPIServer askForServer() {
        Peering peering = demo.get(from, Peering.class, "hawser", to.id());
        PeerAPIServer server =
                peering.getStatus() == null ? null : peering.getStatus().apiServer();
        if (server == null || server.address() == null) {
            throw new CheckFailedException(
                    "Peering " + to.id() + " in " + from.id() + " has no status.apiServer.address");
        }
        return server;
    }

    private Configuration configuration(DemoState.Cluster in, DemoState.Cluster of) {
        return demo.get(in, Configuration.class, "hawser", of.id());
    }

    private static String remapped(Configuration configuration, DemoState.Cluster in, String podAddress) {
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
                .orElseThrow(() -> new CheckFailedException("Configuration "
                        + configuration.getMetadata().getName() + " in " + in.id() + " has no name for " + podAddress));
    }
}
