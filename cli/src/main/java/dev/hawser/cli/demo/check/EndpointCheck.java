// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static dev.hawser.cli.demo.check.CheckFailedException.unless;

import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Connection;
import dev.hawser.cli.demo.ClusterPlan;
import dev.hawser.cli.demo.DemoState;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntry;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** The gateway that others dial moves to another port, told in-band: make before break. */
final class EndpointCheck {
    private static final String MANAGER = "hawser-controller";
    private static final Duration LEARNT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(5);
    private static final Duration INTERVAL = Duration.ofMillis(20);

    private final RunningDemo demo;
    private final DemoState.Cluster moving;
    private final DemoState.Cluster dialling;
    private final Direction direction;

    /**
     * @param direction from the cluster that dials to the one that is dialled
     */
    EndpointCheck(RunningDemo demo, Direction direction) {
        this.demo = demo;
        this.direction = direction;
        this.dialling = direction.from();
        this.moving = direction.to();
    }

    Check check() {
        return new Check(
                "endpoint-moves-in-band",
                "a second endpoint is learnt in-band; when the first closes, data flows again within 5 s",
                "ClusterGateway of " + moving.id() + ", Connection of " + dialling.id(),
                Look.describe(dialling, "connection", moving.id()),
                this::move);
    }

    private String move() throws Exception {
        direction.learn();
        int first = port();
        int second = first == ClusterPlan.GATEWAY_PORT ? ClusterPlan.SPARE_PORT : ClusterPlan.GATEWAY_PORT;
        try (ObjectWatch learnt = demo.watch(dialling, "connection", "hawser", moving.id(), "{.spec.endpoints}");
                ObjectWatch used = demo.watch(dialling, "connection", "hawser", moving.id(), "{.status.endpoint}");
                ObjectWatch acknowledged =
                        demo.watch(moving, "clustergateway", "hawser", "this", "{.status.acknowledged.endpoints}");
                SteadyStream stream = SteadyStream.start(
                        direction.caller("pod-1").host(),
                        direction.called("pod-1").host(),
                        direction.nameOf(direction.called("pod-1").address()),
                        INTERVAL)) {
            long announced = announce(first, second);
            Patience.await("port " + second + " opens", announced, LEARNT, () -> listens(second), open -> open);
            Duration after =
                    learnt.await("lists both endpoints", announced, LEARNT, line -> lists(line, first, second));
            acknowledged.await("knows that they are applied", announced, LEARNT, line -> lists(line, first, second));
            String manager = writer();
            unless(listens(first), "port " + first + " of " + moving.id() + " closed before anybody said so");
            long closed = announce(second);
            Patience.await("port " + first + " closes", closed, LEARNT, () -> listens(first), open -> !open);
            used.await("is " + endpoint(second), closed, LEARNT, line -> line.equals(endpoint(second)));
            long now = System.nanoTime();
            Patience.await("data flows", now, SILENCE, () -> stream.arrivedSince(now), flows -> flows);
            Duration silence = stream.longestSilence(closed);
            unless(silence.compareTo(SILENCE) <= 0, "data flowed again only after " + Patience.seconds(silence));
            return endpoint(second) + " learnt after " + Patience.seconds(after) + ", written by " + manager + "; port "
                    + first + " closed, silence of " + Patience.seconds(silence);
        }
    }

    private static boolean lists(String line, int... ports) {
        return Arrays.stream(ports).allMatch(port -> line.contains('"' + endpoint(port) + '"'));
    }

    private int port() {
        List<Integer> ports = demo.get(moving, ClusterGateway.class, "hawser", "this")
                .getSpec()
                .listenPorts();
        return ports.isEmpty() ? ClusterPlan.GATEWAY_PORT : ports.getFirst();
    }

    /** Sets ports and endpoints, and returns when that was. */
    private long announce(int... ports) {
        StringBuilder listed = new StringBuilder();
        StringBuilder endpoints = new StringBuilder();
        for (int port : ports) {
            listed.append(listed.isEmpty() ? "" : ",").append(port);
            endpoints
                    .append(endpoints.isEmpty() ? "\"" : ",\"")
                    .append(endpoint(port))
                    .append('"');
        }
        String patch = "{\"spec\":{\"listenPorts\":[" + listed + "],\"endpoints\":[" + endpoints + "]}}";
        long since = System.nanoTime();
        demo.kubectl(moving, "patch", "clustergateway", "this", "-n", "hawser", "--type=merge", "-p", patch);
        return since;
    }

    /** Who wrote the endpoints of the Connection, by the API server's own record. */
    private String writer() {
        Connection connection = demo.get(dialling, Connection.class, "hawser", moving.id());
        List<String> managers = connection.getMetadata().getManagedFields().stream()
                .filter(EndpointCheck::ownsEndpoints)
                .map(ManagedFieldsEntry::getManager)
                .toList();
        unless(
                managers.equals(List.of(MANAGER)),
                "spec.endpoints of Connection " + moving.id() + " were written by " + managers + ", expected only "
                        + MANAGER);
        return MANAGER + " of " + dialling.id();
    }

    private static boolean ownsEndpoints(ManagedFieldsEntry entry) {
        return entry.getSubresource() == null
                && String.valueOf(entry.getFieldsV1().getAdditionalProperties().get("f:spec"))
                        .contains("f:endpoints");
    }

    private boolean listens(int port) {
        return !demo.node(moving)
                .run("ss", "-Huln", "sport = :" + port)
                .stdout()
                .isBlank();
    }

    private static String endpoint(int port) {
        return ClusterPlan.PUBLIC_ADDRESS + ":" + port;
    }
}
