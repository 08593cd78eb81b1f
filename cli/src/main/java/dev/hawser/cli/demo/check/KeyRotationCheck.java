// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;
import static dev.hawser.cli.demo.check.CheckFailedException.unlessEqual;

import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.cli.demo.DemoState;
import java.time.Duration;
import java.util.List;

/** A gateway changes its key while a TCP connection runs through the tunnel. */
final class KeyRotationCheck {
    private static final Duration ROTATION = Duration.ofSeconds(20);
    private static final Duration AFTERWARDS = Duration.ofSeconds(5);
    private static final long BYTES_PER_SECOND = 5_000_000;
    private static final long BYTES_AFTERWARDS = 1_000_000;

    private final RunningDemo demo;
    private final Direction direction;
    private final DemoState.Cluster rotating;
    private final DemoState.Cluster peer;

    /**
     * @param direction to the cluster whose key changes
     */
    KeyRotationCheck(RunningDemo demo, Direction direction) {
        this.demo = demo;
        this.direction = direction;
        this.rotating = direction.to();
        this.peer = direction.from();
    }

    Check check() {
        return new Check(
                "key-rotates-under-tcp",
                "a new key goes into force in-band; a TCP transfer meanwhile loses no byte",
                "ClusterGateway of " + rotating.id() + ", Connection of " + peer.id(),
                Look.describe(rotating, "clustergateway", "this"),
                this::rotate);
    }

    private String rotate() throws Exception {
        direction.learn();
        ClusterGateway gateway = demo.get(rotating, ClusterGateway.class, "hawser", "this");
        String old = onlyKey(gateway);
        Long generation = gateway.getSpec().keyGeneration();
        DemoPod receiver = direction.called("pod-2");
        try (ObjectWatch own = demo.watch(rotating, "clustergateway", "hawser", "this", "{.status.publicKeys}");
                ObjectWatch peers = demo.watch(peer, "connection", "hawser", rotating.id(), "{.spec.publicKeys}");
                TcpTransfer transfer = TcpTransfer.begin(
                        direction.caller("pod-2").host(),
                        receiver.host(),
                        direction.nameOf(receiver.address()),
                        BYTES_PER_SECOND)) {
            long since = System.nanoTime();
            String patch = "{\"spec\":{\"keyGeneration\":" + ((generation == null ? 1 : generation) + 1) + "}}";
            demo.kubectl(rotating, "patch", "clustergateway", "this", "-n", "hawser", "--type=merge", "-p", patch);
            Duration both = peers.await(
                    "knows the old key and a new one", since, ROTATION, keys -> keys.contains(old) && count(keys) > 1);
            Duration promoted =
                    own.await("has only the new key", since, ROTATION, keys -> !keys.contains(old) && count(keys) == 1);
            Duration gone = peers.await(
                    "knows only the new key", since, ROTATION, keys -> !keys.contains(old) && count(keys) == 1);
            long before = transfer.arrived();
            Patience.await(
                    "the transfer goes on under the new key",
                    System.nanoTime(),
                    AFTERWARDS,
                    transfer::arrived,
                    arrived -> arrived > before + BYTES_AFTERWARDS);
            TcpTransfer.Outcome outcome = transfer.finish();
            unlessEqual(outcome.sent(), outcome.received(), "SHA-256 of what arrived");
            return "peer knew both keys after " + Patience.seconds(both) + ", new one in force after "
                    + Patience.seconds(promoted) + ", old one gone after " + Patience.seconds(gone) + "; "
                    + outcome.bytes() / 1_000_000 + " MB meanwhile, SHA-256 equal";
        }
    }

    private String onlyKey(ClusterGateway gateway) {
        List<String> keys =
                gateway.getStatus() == null ? List.of() : gateway.getStatus().publicKeys();
        unless(keys.size() == 1, "ClusterGateway of " + rotating.id() + " has " + keys.size() + " keys before");
        return keys.getFirst();
    }

    /** How many keys a list in JSON holds. */
    private static long count(String keys) {
        return keys.chars().filter(character -> character == '"').count() / 2;
    }
}
