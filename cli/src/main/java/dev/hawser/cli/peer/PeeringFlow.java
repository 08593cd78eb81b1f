// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.peer;

import dev.hawser.api.condition.Conditions;
import dev.hawser.api.networking.Connection;
import dev.hawser.api.networking.Peering;
import dev.hawser.cli.cluster.ClusterAccess;
import dev.hawser.cli.cluster.ClusterFacts;
import dev.hawser.cli.cluster.FactsReader;
import dev.hawser.cli.cluster.Names;
import dev.hawser.cli.terminal.Progress;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Steps (a) to (e) of a peering: both sides get a Peering and a credential for the other's API server.
 *
 * <p>Every step may be repeated: objects are applied, not created, and a new token replaces the old one.
 */
public final class PeeringFlow {
    // The controllers renew it long before; a day is what a cluster may be unreachable right after it was peered.
    private static final long TOKEN_SECONDS = Duration.ofDays(1).toSeconds();
    private static final String CONTROLLER_HINT =
            "see whether the controller runs there: kubectl get lease hawser-controller -n hawser";

    private final ClusterAccess here;
    private final ClusterAccess there;
    private final Waiting waiting;
    private final Progress progress;

    /**
     * @param limit how long each step may wait
     */
    public PeeringFlow(ClusterAccess here, ClusterAccess there, Progress progress, Duration limit) {
        this.here = here;
        this.there = there;
        this.progress = progress;
        this.waiting = new Waiting(progress, limit);
    }

    /** Step (a): the gateways have keys and the proxies have addresses. */
    public void awaitInstalled() throws InterruptedException {
        for (ClusterAccess access : List.of(here, there)) {
            FactsReader reader = new FactsReader(access);
            waiting.until(
                    "gateway and proxy address are ready in " + access.title(),
                    reader::notReady,
                    "see the logs of gateway and controller there.");
        }
    }

    /** Steps (c) to (e). */
    public void create(ClusterFacts hereFacts, ClusterFacts thereFacts, String version) throws InterruptedException {
        Side one = new Side(here, hereFacts);
        Side other = new Side(there, thereFacts);
        // Who is dialled must know the caller's key first: a call from an unknown key is dropped, the next comes 5 s
        // later.
        Side dialled = hereFacts.endpoints().isEmpty() ? other : one;
        Side dialling = dialled.equals(one) ? other : one;
        introduce(dialled, dialling, version);
        waiting.until(
                "gateway of " + dialled.id() + " expects " + dialling.id(),
                () -> connectionNotApplied(dialled.access(), dialling.id()),
                CONTROLLER_HINT);
        introduce(dialling, dialled, version);

        exchange(one, other);
        exchange(other, one);
    }

    /** Waits until both controllers have reached the other's API server. */
    public void awaitReady(ClusterFacts hereFacts, ClusterFacts thereFacts) throws InterruptedException {
        awaitReady(here, hereFacts.id(), thereFacts.id());
        awaitReady(there, thereFacts.id(), hereFacts.id());
    }

    private void awaitReady(ClusterAccess access, String id, String peerID) throws InterruptedException {
        waiting.until(
                "Peering " + peerID + " is Ready in " + id,
                () -> notReady(access, peerID),
                "see `kubectl describe peering " + peerID + " -n hawser` in " + id + ".");
    }

    private static Optional<String> notReady(ClusterAccess access, String peerID) {
        Peering peering = access.find(Peering.class, Names.NAMESPACE, peerID);
        if (peering == null) {
            return Optional.of("the Peering was deleted");
        }
        var status = peering.getStatus();
        Conditions conditions = Conditions.of(status == null ? List.of() : status.conditions());
        if (conditions.holds("Ready")) {
            return Optional.empty();
        }
        return Optional.of(conditions.find("Ready").map(Condition::getMessage).orElse("no controller has judged it"));
    }

    private void introduce(Side in, Side peer, String version) {
        apply(in.access(), Bundle.of(peer.facts(), peer.access().certificateAuthority(), version));
        progress.say("Peering " + peer.id() + " written in " + in.id());
    }

    private static Optional<String> connectionNotApplied(ClusterAccess access, String peerID) {
        Connection connection = access.find(Connection.class, Names.NAMESPACE, peerID);
        if (connection == null) {
            return Optional.of("its controller has not written the Connection");
        }
        var status = connection.getStatus();
        Long observed = status == null ? null : status.observedGeneration();
        return observed != null && observed >= connection.getMetadata().getGeneration()
                ? Optional.empty()
                : Optional.of("its gateway has not applied the Connection");
    }

    /** The identity of {@code guest} in {@code host}, and its token into the guest's Secret. */
    private void exchange(Side host, Side guest) throws InterruptedException {
        String account = guest.id();
        waiting.until(
                "ServiceAccount " + Names.PEERS_NAMESPACE + "/" + account + " is there in " + host.id(),
                () -> accountMissing(host.access(), account),
                CONTROLLER_HINT);
        apply(guest.access(), credential(host.id(), mintToken(host.access(), account)));
        progress.say("credential for " + host.id() + " stored in " + guest.id());
    }

    private static Optional<String> accountMissing(ClusterAccess access, String account) {
        boolean exists = access.ask(
                "reading ServiceAccount " + account,
                k -> k.serviceAccounts()
                                .inNamespace(Names.PEERS_NAMESPACE)
                                .withName(account)
                                .get()
                        != null);
        return exists ? Optional.empty() : Optional.of("its controller has not made it");
    }

    private static String mintToken(ClusterAccess access, String account) {
        TokenRequest request = new TokenRequestBuilder()
                .withNewSpec()
                .withExpirationSeconds(TOKEN_SECONDS)
                .endSpec()
                .build();
        return access.ask(
                "minting a token for ServiceAccount " + account,
                k -> k.serviceAccounts()
                        .inNamespace(Names.PEERS_NAMESPACE)
                        .withName(account)
                        .tokenRequest(request)
                        .getStatus()
                        .getToken());
    }

    private static Secret credential(String peerID, String token) {
        String encoded = Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.US_ASCII));
        return new SecretBuilder()
                .withNewMetadata()
                .withName(Names.credentialSecret(peerID))
                .withNamespace(Names.NAMESPACE)
                .endMetadata()
                .withType("Opaque")
                .withData(Map.of(Names.TOKEN_KEY, encoded))
                .build();
    }

    private static void apply(ClusterAccess access, HasMetadata object) {
        String what = object.getKind() + " " + object.getMetadata().getName();
        PatchContext context = new PatchContext.Builder()
                .withPatchType(PatchType.SERVER_SIDE_APPLY)
                .withFieldManager("hawser-peer")
                .withForce(true)
                .build();
        access.ask("writing " + what, k -> k.resource(object).patch(context));
    }

    /** A cluster with what is known of it. */
    private record Side(ClusterAccess access, ClusterFacts facts) {
        String id() {
            return facts.id();
        }
    }
}
