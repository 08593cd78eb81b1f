// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.peering;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Our tokens for peers, each in a Secret of its own that is read by name; nobody may list them. Safe for any thread. */
public final class CredentialSecrets {
    private static final String TOKEN = "token";

    private final KubernetesClient client;
    private final String namespace;

    /** The Secrets of a namespace in our own cluster. */
    public CredentialSecrets(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /** The token in a Secret; empty if there is none yet. */
    Optional<Credential> read(String name) {
        return Optional.ofNullable(secret(name))
                .map(Secret::getData)
                .map(data -> data.get(TOKEN))
                .map(encoded -> new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8).strip())
                .filter(token -> !token.isEmpty())
                .map(Credential::of);
    }

    /** Puts a new token in place of the old one; fails if somebody else changed the Secret since it was read. */
    void replace(String name, String token) {
        Secret secret = secret(name);
        if (secret == null) {
            return;
        }
        Map<String, String> data = new TreeMap<>(secret.getData() == null ? Map.of() : secret.getData());
        data.put(TOKEN, Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8)));
        secret.setData(data);
        client.secrets().inNamespace(namespace).resource(secret).update();
    }

    private Secret secret(String name) {
        return client.secrets().inNamespace(namespace).withName(name).get();
    }
}
