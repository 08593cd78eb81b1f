// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.plan;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.condition.Verdict;
import dev.hawser.api.networking.ConnectionPhase;
import dev.hawser.api.networking.ConnectionStatus;
import dev.hawser.api.networking.PeeringSpec;
import dev.hawser.api.networking.PeeringStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The conditions of a Peering. Pure. */
final class PeeringConditions {
    static final String NETWORK_READY = "NetworkReady";
    static final String API_SERVER_REACHABLE = "APIServerReachable";
    static final String CREDENTIALS_EXPIRED = "CredentialsExpired";
    static final String READY = "Ready";

    private PeeringConditions() {}

    /** Whether packets pass: names granted, tunnel up, probes returning. */
    static Verdict network(PeeringObserved seen, Optional<Verdict> problem, boolean complete) {
        if (seen.paused()) {
            return new Verdict.Fails("Paused", "spec.paused is true: the objects are kept and no traffic is carried");
        }
        if (problem.isPresent()) {
            return problem.get();
        }
        if (!complete) {
            return new Verdict.Fails("RemapPending", "a range of the peer has no name here yet");
        }
        ConnectionStatus status = seen.connection().map(Seen::status).orElse(null);
        ConnectionPhase phase = status == null ? null : status.phase();
        if (phase == ConnectionPhase.Connected || phase == ConnectionPhase.Degraded) {
            return halfSilent(status)
                    .map(condition -> (Verdict) new Verdict.Fails(
                            condition.getReason(), condition.getMessage() + "; see Connection " + seen.peerID()))
                    .orElseGet(() -> new Verdict.Holds(phase.name(), "probes return from the peer's gateway"));
        }
        String message = status == null || status.message() == null ? "" : ": " + status.message();
        return new Verdict.Fails(
                phase == ConnectionPhase.Error ? "ConnectionError" : "NotConnected",
                "no probe returns from the peer's gateway" + message + "; see Connection " + seen.peerID());
    }

    /** The gateway's word that packets of a family do not pass although others do. */
    private static Optional<Condition> halfSilent(@Nullable ConnectionStatus status) {
        return Conditions.of(status == null ? List.of() : status.conditions())
                .find("Connected")
                .filter(condition -> "False".equals(condition.getStatus()));
    }

    /** The condition of a Network that says why it has no block. */
    static Optional<Verdict> problem(List<Condition> conditions) {
        return conditions.stream()
                .filter(condition -> List.of("Conflict", "Exhausted").contains(condition.getType()))
                .filter(condition -> "True".equals(condition.getStatus()))
                .map(condition -> (Verdict) new Verdict.Fails(condition.getType(), condition.getMessage()))
                .findFirst();
    }

    /** All conditions, Ready last because it follows from the others. */
    static Conditions all(PeeringObserved seen, Verdict network, Instant now) {
        PeeringStatus old = seen.peering().status();
        long generation = seen.peering().generation();
        Conditions before = Conditions.of(old == null ? List.of() : old.conditions());
        Verdict reachable = reachable(seen, before);
        Verdict expired = seen.inBand()
                .credentialsExpired()
                .orElseGet(() -> standing(
                        before,
                        CREDENTIALS_EXPIRED,
                        new Verdict.Unknown("NoCredential", "no token was looked at yet")));
        return before.with(NETWORK_READY, network, generation, now)
                .with(API_SERVER_REACHABLE, reachable, generation, now)
                .with(CREDENTIALS_EXPIRED, expired, generation, now)
                .with(READY, ready(network, reachable), generation, now);
    }

    /** The conditions of a Peering in a cluster that does not know yet who it is. */
    static Conditions withoutGateway(Seen<PeeringSpec, PeeringStatus> peering, Instant now) {
        Verdict verdict = new Verdict.Fails(
                "NoClusterGateway",
                "there is no readable ClusterGateway " + ObjectNames.CLUSTER_GATEWAY
                        + " that says who this cluster is; create it, manifests/kustomize/example has one");
        PeeringStatus old = peering.status();
        return Conditions.of(old == null ? List.of() : old.conditions())
                .with(READY, verdict, peering.generation(), now);
    }

    /** The one piece of news that a person should hear of, if readiness turned or its reason changed. */
    static Optional<Action> news(@Nullable PeeringStatus old, Conditions conditions) {
        Optional<Condition> before =
                Conditions.of(old == null ? List.of() : old.conditions()).find(READY);
        return conditions
                .find(READY)
                .filter(now -> before.isEmpty()
                        || !Objects.equals(before.get().getStatus(), now.getStatus())
                        || !Objects.equals(before.get().getReason(), now.getReason()))
                .map(now -> new Action.Tell(!"True".equals(now.getStatus()), now.getReason(), now.getMessage()));
    }

    private static Verdict reachable(PeeringObserved seen, Conditions before) {
        if (seen.peering().spec().proxy() == null || seen.peering().spec().apiServer() == null) {
            return new Verdict.Fails(
                    "NotInBundle",
                    "the Peering names no proxy or no API server of the peer; add spec.proxy and apiServer");
        }
        if (!seen.connected()) {
            return InBand.NOT_CONNECTED;
        }
        // After a change of the leader the old answer stands until the new leader has asked.
        return seen.inBand()
                .reachable()
                .orElseGet(() -> standing(
                        before, API_SERVER_REACHABLE, new Verdict.Unknown("NotAsked", "the peer was not asked yet")));
    }

    private static Verdict standing(Conditions before, String type, Verdict otherwise) {
        return before.find(type)
                .<Verdict>map(condition -> switch (condition.getStatus()) {
                    case "True" -> new Verdict.Holds(condition.getReason(), condition.getMessage());
                    case "False" -> new Verdict.Fails(condition.getReason(), condition.getMessage());
                    case null, default -> new Verdict.Unknown(condition.getReason(), condition.getMessage());
                })
                .orElse(otherwise);
    }

    private static Verdict ready(Verdict network, Verdict reachable) {
        if (!(network instanceof Verdict.Holds)) {
            return new Verdict.Fails(network.reason(), network.message());
        }
        if (!(reachable instanceof Verdict.Holds)) {
            return new Verdict.Fails(reachable.reason(), reachable.message());
        }
        return new Verdict.Holds("Connected", "the tunnel carries traffic and the peer's API server answers");
    }
}
