// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.api.networking.ClusterGateway;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.tunnel.engine.PeerStatus;
import dev.hawser.tunnel.node.HostRoutes.HostRoute;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what the gateway says about its objects, by server-side apply under a field manager of its own: fields that the
 * controller owns, such as the ClusterGateway's conditions, are neither sent nor touched.
 *
 * <p>A write that fails is made again with the then newest state after half a second. Confined to one thread.
 */
final class StatusWriter {
    private static final Logger LOG = LoggerFactory.getLogger(StatusWriter.class);
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager("hawser-gateway")
            .withForce(true)
            .build();
    private static final long WORDS_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long RETRY_NANOS = Duration.ofMillis(500).toNanos();
    private static final long FOREIGN_NANOS = Duration.ofSeconds(1).toNanos();
    private static final long GATEWAY_NANOS = Duration.ofSeconds(2).toNanos();
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int INVALID = 422;

    private final KubernetesClient client;
    private final ObjectNames names;
    // By UID: an object that was made anew has no status yet, whatever was written under its name.
    private final Map<String, StatusPace.Written> written = new HashMap<>();
    private final Map<String, Glance> glances = new HashMap<>();
    private Optional<GatewayReport> gatewayReport = Optional.empty();
    private long gatewayWrittenAt;
    private final Set<String> refusals = new HashSet<>();
    private long pausedUntil;
    private boolean paused;

    /**
     * What was seen when a status was last put into words, which is worth it once a second, and at once if this changes.
     *
     * @param at when
     */
    private record Glance(PeerPlan plan, Optional<PeerStatus.Phase> phase, long at) {
        boolean isEnough(Glance next) {
            return phase.equals(next.phase) && next.at - at < WORDS_NANOS && plan.equals(next.plan);
        }
    }

    StatusWriter(KubernetesClient client, ObjectNames names) {
        this.client = client;
        this.names = names;
    }

    /** Makes every status due again. */
    void forget() {
        written.clear();
        glances.clear();
    }

    /** Whether the last write failed, so that what stands in the objects may not be true any more. */
    boolean isPaused() {
        return paused;
    }

    /** Writes what is due. Returns after at most one failed write. */
    void write(
            ClusterView view,
            GatewayPlan applied,
            Map<String, PeerStatus> live,
            Optional<List<HostRoute>> routes,
            long now) {
        if (paused && now - pausedUntil < 0) {
            return;
        }
        try {
            view.gateway().ifPresent(gateway -> writeGateway(gateway, applied, routes, now));
            writeConnections(view, applied, live, now);
            if (paused) {
                LOG.info("status is written again");
            }
            paused = false;
        } catch (KubernetesClientException e) {
            if (!paused) {
                LOG.warn("status cannot be written and is tried again: {}", e.getMessage());
            }
            paused = true;
            pausedUntil = now + RETRY_NANOS;
        }
    }

    private void writeConnections(ClusterView view, GatewayPlan applied, Map<String, PeerStatus> live, long now) {
        Map<String, Connection> byName = view.connections().stream()
                .collect(Collectors.toMap(each -> each.getMetadata().getName(), each -> each));
        Set<String> present = byName.values().stream()
                .map(each -> each.getMetadata().getUid())
                .collect(Collectors.toSet());
        written.keySet().retainAll(present);
        glances.keySet().retainAll(present);
        StatusPace pace = new StatusPace(present.size());
        refusals.retainAll(present);
        for (PeerPlan plan : applied.peers()) {
            Connection connection = byName.get(plan.connection());
            if (connection != null) {
                writeConnection(connection, plan, peerStatus(plan, live), pace, now);
            }
        }
    }

    private void writeConnection(
            Connection connection, PeerPlan plan, Optional<PeerStatus> live, StatusPace pace, long now) {
        String uid = connection.getMetadata().getUid();
        Glance glance = new Glance(plan, live.map(PeerStatus::phase), now);
        Glance last = glances.get(uid);
        if (last != null && last.isEnough(glance)) {
            return;
        }
        Optional<StatusPace.Written> before = Optional.ofNullable(written.get(uid));
        ConnectionStatus status = ConnectionReport.of(plan, live, conditions(before, connection), Instant.now());
        if (!pace.due(before, status, now) && !isOverwritten(before, connection, now)) {
            glances.put(uid, glance);
            return;
        }
        Connection body = new Connection();
        body.setMetadata(new ObjectMetaBuilder()
                .withNamespace(names.namespace())
                .withName(plan.connection())
                .build());
        body.setStatus(status);
        try {
            client.resource(body).subresource("status").patch(APPLY);
            refusals.remove(uid);
        } catch (KubernetesClientException e) {
            if (!concernsOnlyThisObject(e)) {
                throw e;
            }
            // As good as written: it is due again when something changes, and must not hold up the others until then.
            if (e.getCode() != NOT_FOUND && refusals.add(uid)) {
                LOG.error("the status of Connection {} is refused: {}", plan.connection(), e.getMessage());
            }
        }
        glances.put(uid, glance);
        written.put(uid, StatusPace.Written.next(before, status, now));
    }

    /** Whether somebody else wrote another phase: the controller, which took this gateway for dead. */
    private static boolean isOverwritten(Optional<StatusPace.Written> before, Connection connection, long now) {
        // The informer needs a moment to show what was just written.
        return before.filter(last -> now - last.at() >= FOREIGN_NANOS)
                .map(last -> connection.getStatus() == null
                        || connection.getStatus().phase() != last.status().phase())
                .orElse(false);
    }

    /** Whether the API server answered that this very document will not do. No answer has the code 0. */
    private static boolean concernsOnlyThisObject(KubernetesClientException failure) {
        return switch (failure.getCode()) {
            case NOT_FOUND, CONFLICT, INVALID -> true;
            default -> false;
        };
    }

    private static Optional<PeerStatus> peerStatus(PeerPlan plan, Map<String, PeerStatus> live) {
        return plan instanceof PeerPlan.Served served
                ? Optional.ofNullable(live.get(served.config().id()))
                : Optional.empty();
    }

    /** Our own memory is newer than the informer's; the informer's is from before a restart. */
    private static List<Condition> conditions(Optional<StatusPace.Written> before, Connection connection) {
        return before.map(last -> last.status().conditions())
                .or(() -> Optional.ofNullable(connection.getStatus()).map(ConnectionStatus::conditions))
                .orElse(List.of());
    }

    private void writeGateway(ClusterGateway gateway, GatewayPlan applied, Optional<List<HostRoute>> routes, long now) {
        GatewayReport report = GatewayReport.of(gateway, applied, names.pod(), routes);
        // The informer needs a moment to show what was just written.
        boolean justWritten =
                gatewayReport.filter(report::equals).isPresent() && now - gatewayWrittenAt < GATEWAY_NANOS;
        if (justWritten || report.standsIn(gateway.getStatus())) {
            return;
        }
        GenericKubernetesResource body = new GenericKubernetesResource();
        body.setApiVersion(gateway.getApiVersion());
        body.setKind(gateway.getKind());
        body.setMetadata(new ObjectMetaBuilder()
                .withNamespace(names.namespace())
                .withName(names.clusterGateway())
                .build());
        body.setAdditionalProperty("status", report.fields());
        client.genericKubernetesResources(ResourceDefinitionContext.fromResourceType(ClusterGateway.class))
                .resource(body)
                .subresource("status")
                .patch(APPLY);
        gatewayReport = Optional.of(report);
        gatewayWrittenAt = now;
    }
}
