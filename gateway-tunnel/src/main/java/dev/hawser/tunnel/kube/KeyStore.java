// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Secret with this gateway's keys: text as {@code wg} prints it under {@code private} and {@code psk.ID}.
 *
 * <p>The Secret is read by name only, because the gateway may neither list nor watch Secrets. An empty one gets a fresh
 * key pair; of two gateways that do so at the same time the second finds the first one's. Values are never logged.
 * Safe for any thread.
 */
final class KeyStore {
    private static final Logger LOG = LoggerFactory.getLogger(KeyStore.class);
    private static final String PRIVATE = "private";
    private static final String PRESHARED = "psk.";
    private static final int CONFLICT = 409;
    private static final int ATTEMPTS = 3;

    private final KubernetesClient client;
    private final ObjectNames names;
    private final SecureRandom random = new SecureRandom();
    private volatile Optional<KeyMaterial> keys = Optional.empty();
    private volatile Optional<String> problem = Optional.of("not read yet");

    KeyStore(KubernetesClient client, ObjectNames names) {
        this.client = client;
        this.names = names;
    }

    Optional<KeyMaterial> keys() {
        return keys;
    }

    /** Why there are no keys, or why they could not be read again. */
    Optional<String> problem() {
        return problem;
    }

    /**
     * Reads the Secret, and fills it first if it has no private key. A failure keeps what is known.
     *
     * @return whether the keys differ from what was known
     */
    boolean refresh() {
        Optional<KeyMaterial> before = keys;
        try {
            keys = Optional.of(read());
            problem = Optional.empty();
        } catch (KubeException | KubernetesClientException | CryptoException e) {
            String reason = "Secret " + names.keysSecret() + ": " + e.getMessage();
            if (!problem.equals(Optional.of(reason))) {
                LOG.warn("no keys from {}", reason);
            }
            problem = Optional.of(reason);
        }
        return !keys.equals(before);
    }

    private KeyMaterial read() {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Secret secret = client.secrets()
                    .inNamespace(names.nodeNamespace())
                    .withName(ObjectNames.KEYS_SECRET)
                    .get();
            if (secret == null) {
                throw new KubeException("it does not exist; apply the install manifests, which create it empty");
            }
            Map<String, String> data = secret.getData() == null ? Map.of() : secret.getData();
            String text = decoded(data.getOrDefault(PRIVATE, ""));
            if (!text.isBlank()) {
                return new KeyMaterial(PrivateKey.fromBase64(text), presharedKeys(data));
            }
            fill(secret, data);
        }
        throw new KubeException("others keep changing it while its key is made; it is tried again");
    }

    private void fill(Secret secret, Map<String, String> data) {
        Map<String, String> filled = new HashMap<>(data);
        PrivateKey fresh = PrivateKey.generate(random);
        filled.put(PRIVATE, encoded(fresh.toBase64()));
        try {
            // The resource version goes with it: whoever comes second is told, and reads the first one's key.
            client.resource(new SecretBuilder(secret).withData(filled).build()).update();
            LOG.info("made a key pair in Secret {}; the public key is {}", names.keysSecret(), fresh.publicKey());
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
        }
    }

    private static Map<String, PresharedKey> presharedKeys(Map<String, String> data) {
        Map<String, PresharedKey> keys = new HashMap<>();
        data.forEach((name, value) -> {
            if (name.startsWith(PRESHARED)) {
                try {
                    keys.put(name.substring(PRESHARED.length()), PresharedKey.fromBase64(decoded(value)));
                } catch (CryptoException e) {
                    // One peer's matter: its Connection goes on saying that it waits for the key.
                    LOG.warn("{} is no key: {}", name, e.getMessage());
                }
            }
        });
        return keys;
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), StandardCharsets.US_ASCII).strip();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
