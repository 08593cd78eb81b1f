// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

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
        return Stream.of(
                new Check("internet-forwards-only-tunnel", this::internet),
                new Check("management-carries-only-api", this::management));
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
            TrafficCount counts = demo.host("operator").counted(hook);
            unlessEqual(
                    0L,
                    counts.read(TrafficCount.OTHER).packets(),
                    "number of packets beside the API servers' (" + hook + ")");
            unless(counts.read("api").packets() > 0, "no packet to or from an API server was counted (" + hook + ")");
        }
        return demo.host("operator").counted(Hook.OUTPUT).read("api").packets() + " packets to the API servers";
    }
}
