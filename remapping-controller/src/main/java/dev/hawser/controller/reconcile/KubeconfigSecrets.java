// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import dev.hawser.controller.plan.ObjectNames;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The kubeconfig Secrets, one per peer. Secrets are not watched, so each is read again now and then. Thread-safe. */
final class KubeconfigSecrets {
    private static final String KEY = "kubeconfig";
    private static final Duration TRUSTED = Duration.ofSeconds(30);

    private record Known(Optional<String> text, Instant at) {}

    private final KubernetesClient client;
    private final String namespace;
    private final InstantSource clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();

    KubeconfigSecrets(KubernetesClient client, Scope scope, InstantSource clock) {
        this.client = client;
        this.namespace = scope.namespace();
        this.clock = clock;
    }

    /** What the Secret of a peer holds, or held half a minute ago. */
    Optional<String> text(String peerID) {
        Instant now = clock.instant();
        return known.compute(
                        peerID,
                        (_, before) ->
                                before != null && before.at().plus(TRUSTED).isAfter(now)
                                        ? before
                                        : new Known(read(peerID), now))
                .text();
    }

    void put(String peerID, String text) {
        Secret secret = new SecretBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(ObjectNames.kubeconfigSecret(peerID))
                .withLabels(Writer.LABELS)
                .endMetadata()
                .withData(Map.of(KEY, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))))
                .build();
        client.resource(secret).createOr(existing -> existing.update());
        known.put(peerID, new Known(Optional.of(text), clock.instant()));
    }

    void delete(String peerID) {
        client.secrets()
                .inNamespace(namespace)
                .withName(ObjectNames.kubeconfigSecret(peerID))
                .delete();
        known.remove(peerID);
    }

    private Optional<String> read(String peerID) {
        return Optional.ofNullable(client.secrets()
                        .inNamespace(namespace)
                        .withName(ObjectNames.kubeconfigSecret(peerID))
                        .get())
                .map(Secret::getData)
                .map(data -> data.get(KEY))
                .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8));
    }
}
