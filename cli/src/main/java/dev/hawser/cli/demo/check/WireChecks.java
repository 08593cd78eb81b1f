// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.cli.demo.DemoState;
import dev.hawser.lab.net.Host;
import dev.hawser.lab.net.TrafficCount;
import dev.hawser.lab.net.TrafficCount.Hook;
import java.util.stream.Stream;

/** What the networks between the clusters saw since the demo began, by the kernel's counters. */
final class WireChecks {
    private final RunningDemo demo;

    WireChecks(RunningDemo demo) {
        this.demo = demo;
    }

    Stream<Check> all() {
        return Stream.concat(
                Stream.of(
                        new Check(
                                "internet-forwards-only-tunnel",
                                "between the clusters nothing passes but the tunnel",
                                "forward hook of the router `internet`, since the demo began",
                                Look.on("internet", "nft list ruleset"),
                                this::internet),
                        new Check(
                                "management-carries-only-api",
                                "the management links carry nothing but calls of the API servers",
                                "input and output hooks of the operator, since the demo began",
                                Look.on("operator", "nft list ruleset"),
                                this::management)),
                demo.clusters().stream().map(this::leaks));
    }

    private Check leaks(DemoState.Cluster cluster) {
        return new Check(
                "nothing-leaks[" + cluster.id() + "]",
                "no packet for a remapped address ever left by the default route, dead gateways included",
                "uplink of the node of " + cluster.id() + ", since the demo began",
                Look.on(cluster.id() + "/node", "ip route"),
                () -> leaked(cluster));
    }

    private String internet() {
        TrafficCount counts = demo.host("internet").counted(Hook.FORWARD);
        unlessEqual(0L, counts.read(TrafficCount.OTHER).packets(), "number of forwarded packets outside the tunnel");
        long in = counts.read("tunnel_in").bytes();
        long out = counts.read("tunnel_out").bytes();
        unless(in > 0 && out > 0, "the tunnel carried " + in + " bytes in and " + out + " out");
        return in / 1_000_000 + " MB to and " + out / 1_000_000 + " MB from the public gateway, nothing else";
    }

    private String management() {
        for (Hook hook : new Hook[] {Hook.OUTPUT, Hook.INPUT}) {
            TrafficCount counts = demo.operator().counted(hook);
            unlessEqual(
                    0L,
                    counts.read(TrafficCount.OTHER).packets(),
                    "number of packets beside the API servers' (" + hook + ")");
            unless(counts.read("api").packets() > 0, "no packet to or from an API server was counted (" + hook + ")");
        }
        return demo.operator().counted(Hook.OUTPUT).read("api").packets() + " packets to the API servers";
    }

    private String leaked(DemoState.Cluster cluster) {
        long passed = 0;
        for (Hook hook : new Hook[] {Hook.OUTPUT, Hook.FORWARD}) {
            TrafficCount counts = demo.node(cluster).counted(hook);
            unlessEqual(
                    0L,
                    leaked(demo.node(cluster), hook),
                    "number of packets for private addresses that left by the uplink (" + hook + ")");
            passed += counts.read(TrafficCount.OTHER).packets();
        }
        return "none of " + passed + " packets";
    }

    /** Packets of both families that left a node by its uplink although they are for private addresses. */
    static long leaked(Host node, Hook hook) {
        TrafficCount counts = node.counted(hook);
        return counts.read("leaked").packets() + counts.read("leaked_ipv6").packets();
    }
}
