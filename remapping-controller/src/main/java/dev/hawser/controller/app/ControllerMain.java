// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.app;

import dev.hawser.controller.reconcile.FabricController;
import dev.hawser.controller.reconcile.GrantMetrics;
import dev.hawser.controller.reconcile.Scope;
import dev.hawser.runtime.Check;
import dev.hawser.runtime.HealthServer;
import dev.hawser.runtime.Launch;
import dev.hawser.runtime.ProcessMetrics;
import dev.hawser.runtime.Settings;
import dev.hawser.runtime.Termination;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.UUID;

/** The controller's process. */
public final class ControllerMain {

    private ControllerMain() {}

    /** Runs a replica until it is told to end. */
    public static void main(String[] args) {
        Launch.run("controller", ControllerMain::start);
    }

    private static void start(Settings settings, Termination termination) {
        Scope scope = scope(settings);
        KubernetesClient client = termination.onStop("API client", client(scope));
        PrometheusMeterRegistry registry = ProcessMetrics.registry();
        GrantMetrics metrics = new GrantMetrics(registry);
        Replica replica = termination.onStop(
                "controller",
                new Replica(lost -> new FabricController(client, scope, InstantSource.system(), metrics, lost)));
        Gauge.builder("hawser.controller.leading", replica, each -> each.leading() ? 1 : 0)
                .description("1 in the replica that works, 0 in those that stand by")
                .register(registry);
        termination.onStop(
                "health",
                HealthServer.start(
                        settings.address("HAWSER_HEALTH_ADDRESS", "127.0.0.1:9103"),
                        registry::scrape,
                        () -> checks(replica)));
        replica.start();
    }

    /** The API server takes the first word of the user agent as the name in managedFields, so that people see who wrote. */
    private static KubernetesClient client(Scope scope) {
        return new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder()
                        .withUserAgent("hawser-controller/" + scope.version())
                        .build())
                .build();
    }

    private static Scope scope(Settings settings) {
        return new Scope(
                settings.text("HAWSER_NAMESPACE", "hawser"),
                settings.text("HAWSER_PEERS_NAMESPACE", "hawser-peers"),
                settings.text("HAWSER_NODE_NAMESPACE", "hawser-node"),
                settings.text("HAWSER_POD_NAME", "controller-" + UUID.randomUUID()),
                Objects.requireNonNullElse(
                        ControllerMain.class.getPackage().getImplementationVersion(), "0.1.0-SNAPSHOT"),
                settings.duration("HAWSER_ADDRESS_COOL_DOWN", Duration.ofMinutes(10)),
                settings.duration("HAWSER_BLOCK_COOL_DOWN", Duration.ofHours(24)),
                // Long enough to replace every pod of a peer that gets another pod range; short, because packets from
                // the
                // range that it left are taken as the peer's all that time.
                settings.duration("HAWSER_RANGE_OVERLAP", Duration.ofMinutes(10)));
    }

    private static List<Check> checks(Replica replica) {
        return List.of(
                replica.live()
                        ? Check.pass("caches", "they follow the API server")
                        : Check.fail("caches", "not all of them are filled"),
                Check.pass("lead", replica.leading() ? "this replica leads" : "this replica stands by"));
    }
}
