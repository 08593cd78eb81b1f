// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.controller.plan.Pulse;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether our own gateway lives. It writes into the Connections itself whether probes return; one that was killed, or
 * that hangs, cannot take that back, so it is taken back here. When it lives again it writes anew. Confined to one thread.
 */
final class GatewayWatch {
    /** Time between two looks: the Lease is renewed every second, and after three without that it must be said within two. */
    static final Duration INTERVAL = Duration.ofMillis(500);

    private static final Logger LOG = LoggerFactory.getLogger(GatewayWatch.class);
    private static final String CONNECTED = "Connected";
    private static final String LEASE = "gateway";
    private static final String REASON = "GatewaySilent";
    private static final String MESSAGE = "the gateway of this cluster has shown no sign of life for 3 s, so nothing is"
            + " known of the tunnel; look at its pod in hawser-node";

    private final KubernetesClient client;
    private final ClusterView view;
    private final Writer writer;
    private final Scope scope;
    private final InstantSource clock;
    private final Pulse pulse = new Pulse();
    private boolean gone;

    GatewayWatch(KubernetesClient client, ClusterView view, Writer writer, Scope scope, InstantSource clock) {
        this.client = client;
        this.view = view;
        this.writer = writer;
        this.scope = scope;
        this.clock = clock;
    }

    /** Looks once, and takes back what a dead gateway said. */
    void look() {
        try {
            Lease lease = client.leases()
                    .inNamespace(scope.nodeNamespace())
                    .withName(LEASE)
                    .get();
            // An older installation has no Lease, and a fresh one none that was ever renewed: nothing can be told from
            // it.
            if (lease == null || lease.getSpec() == null || lease.getSpec().getRenewTime() == null) {
                pulse.blind();
                return;
            }
            tell(pulse.isGone(lease.getMetadata().getResourceVersion(), System.nanoTime()));
            if (gone) {
                view.connections().stream().filter(GatewayWatch::claims).forEach(this::takeBack);
            }
        } catch (KubernetesClientException failure) {
            pulse.blind();
            LOG.debug("no look at the gateway's Lease: {}", failure.getMessage());
        }
    }

    /** Begins anew, as one who has not looked for a while. */
    void rest() {
        pulse.blind();
        gone = false;
    }

    private void tell(boolean silent) {
        if (silent && !gone) {
            LOG.warn("the gateway has not renewed Lease {}/{} for 3 s", scope.nodeNamespace(), LEASE);
        } else if (gone && !silent) {
            LOG.info("the gateway lives again");
        }
        gone = silent;
    }

    private static boolean claims(Connection connection) {
        ConnectionStatus status = connection.getStatus();
        return status != null && claims(status.phase());
    }

    private static boolean claims(@Nullable ConnectionPhase phase) {
        return phase == ConnectionPhase.Connected || phase == ConnectionPhase.Degraded;
    }

    private void takeBack(Connection connection) {
        writer.putStatus(
                Connection.class,
                Connection::new,
                scope.namespace(),
                connection.getMetadata().getName(),
                said -> said == null || !claims(said.phase()) ? said : unknown(said, connection));
    }

    /** Counters and the last endpoint stay: they are still true, and the next gateway begins with that endpoint. */
    private ConnectionStatus unknown(ConnectionStatus said, Connection connection) {
        Long generation = connection.getMetadata().getGeneration();
        return new ConnectionStatus(
                ConnectionPhase.Connecting,
                said.endpoint(),
                said.transport(),
                null,
                null,
                said.pathMTU(),
                said.lastHandshake(),
                said.rxBytes(),
                said.txBytes(),
                said.drops(),
                MESSAGE,
                List.copyOf(Conditions.of(said.conditions())
                        .with(
                                CONNECTED,
                                new Verdict.Unknown(REASON, MESSAGE),
                                generation == null ? 0 : generation,
                                clock.instant())
                        .toList()),
                null);
    }
}
