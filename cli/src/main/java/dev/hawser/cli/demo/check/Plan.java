// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import dev.hawser.cli.demo.DemoState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which checks there are, and which may run at the same time.
 *
 * <p>First what the objects say and what pods can do, then what moves and dies, at last half a minute without an API
 * server, in which everything is shown that needs none of that cluster.
 */
final class Plan {
    private Plan() {}

    /** All checks of a demo; they leave it up. */
    static List<Stage> everything(RunningDemo demo) {
        DemoState.Cluster genoa = demo.clusters().get(0);
        DemoState.Cluster lisbon = demo.clusters().get(1);
        Direction there = new Direction(demo, genoa, lisbon);
        Direction back = new Direction(demo, lisbon, genoa);
        ObjectChecks objects = new ObjectChecks(demo);
        RightsChecks rights = new RightsChecks(demo, genoa);
        return List.of(
                // Waits for one another, mostly: the rotation for the gateways, the others for kubectl.
                Stage.of(
                        Stream.of(new KeyRotationCheck(demo, back).check(), new EndpointCheck(demo, back).check()),
                        join(new ApiChecks(demo, there).agreed(), new ApiChecks(demo, there).calls()),
                        new VerbChecks(demo, there).words(),
                        join(
                                objects.ready(genoa),
                                objects.ready(lisbon),
                                new ApiChecks(demo, back).agreed(),
                                objects.of(lisbon))),
                Stage.of(
                        Stream.of(new GatewayDeathCheck(demo, there).check()),
                        join(rights.ofPeer(), objects.announcement()),
                        join(new RightsChecks(demo, lisbon).ofProxy(), new RightsChecks(demo, lisbon).ofPeer())),
                Stage.of(
                        Stream.of(new ApiServerDownCheck(demo, List.of(there, back), lisbon).check()),
                        join(
                                TrafficChecks.ipv4(demo, there).inTurn(),
                                TrafficChecks.ipv4(demo, back).inTurn(),
                                TrafficChecks.ipv6(demo, there).inTurn(),
                                TrafficChecks.ipv6(demo, back).inTurn(),
                                steady(demo, there)),
                        join(
                                new ApiChecks(demo, back).calls(),
                                new VerbChecks(demo, back).words(),
                                new VerbChecks(demo, back).freight(),
                                Stream.of(new ServiceCheck(demo, back).check()),
                                steady(demo, back)),
                        join(objects.of(genoa), rights.ofProxy())),
                Stage.of(new WireChecks(demo).all()));
    }

    /** The end of Hawser in both clusters. */
    static Stage uninstall(RunningDemo demo) {
        return new Stage(demo.clusters().stream()
                .map(cluster -> List.of(new UninstallCheck(demo, cluster).check()))
                .toList());
    }

    private static Stream<Check> steady(RunningDemo demo, Direction direction) {
        return Stream.concat(
                TrafficChecks.ipv4(demo, direction).steady(),
                TrafficChecks.ipv6(demo, direction).steady());
    }

    @SafeVarargs
    private static Stream<Check> join(Stream<Check>... checks) {
        List<Check> all = new ArrayList<>();
        for (Stream<Check> some : checks) {
            all.addAll(some.toList());
        }
        return all.stream();
    }
}
