// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.session.StaticKeys;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.security.SecureRandom;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This gateway's keys, in the Secret and in memory.
 *
 * <p>The Secret is read by name only, because the gateway may neither list nor watch Secrets. Every change goes with the
 * resource version it was made from: of two gateways that do so at the same time the second finds the first one's. Values
 * are never logged. {@link #keys}, {@link #timestamp} and {@link #problem} are for any thread, the rest belongs to one.
 */
final class KeyStore {
    private static final Logger LOG = LoggerFactory.getLogger(KeyStore.class);
    private static final int CONFLICT = 409;
    private static final int ATTEMPTS = 3;
    /** How far ahead of every initiation the label is that is kept. */
    static final long MARGIN_SECONDS = 120;

    private final KubernetesClient client;
    private final ObjectNames names;
    private final SecureRandom random = new SecureRandom();
    private final KeyRing ring = new KeyRing();
    private volatile Optional<Tai64n> timestamp = Optional.empty();
    private volatile Optional<String> problem = Optional.of("not read yet");

    KeyStore(KubernetesClient client, ObjectNames names) {
        this.client = client;
        this.names = names;
    }

    Optional<KeyMaterial> keys() {
        return ring.keys();
    }

    /** Begins with what was known before a restart. That there may be newer keys in the Secret stays a problem until it is read. */
    void recall(KeyMaterial known, Optional<Tai64n> label) {
        ring.found(known);
        learn(label);
    }

    /** The Secret may be behind a checkpoint: the greatest label counts. */
    private void learn(Optional<Tai64n> label) {
        if (label.filter(found ->
                        timestamp.filter(known -> known.compareTo(found) >= 0).isEmpty())
                .isPresent()) {
            timestamp = label;
        }
    }

    /** A label that no initiation with these keys has reached, as far as it was kept. */
    Optional<Tai64n> timestamp() {
        return timestamp;
    }

    /** Why there are no keys, or why they could not be read or changed again. */
    Optional<String> problem() {
        return problem;
    }

    /**
     * Reads the Secret, and fills it first if it has no private key. A failure keeps what is known.
     *
     * @param generation what a first key is made for
     * @return whether the keys differ from what was known
     */
    boolean refresh(long generation) {
        return attempt(() -> ring.found(read(generation)));
    }

    /**
     * Reads the Secret, and leaves it as it is: for the start, while it is not known yet what a first key would be made for.
     *
     * @return whether the keys differ from what was known
     */
    boolean peek() {
        return attempt(() -> {
            Map<String, String> data = data(secret());
            KeySecret.read(data).ifPresent(stored -> {
                learn(KeySecret.timestamp(data));
                ring.found(stored);
            });
        });
    }

    /**
     * Takes a step of the rotation.
     *
     * @param generation what the next key is made for
     * @return whether the keys differ from what was known
     */
    boolean advance(KeyRotation.Step step, long generation) {
        return switch (step) {
            case NONE -> false;
            case INTRODUCE -> attempt(() -> introduce(generation));
            case PROMOTE -> attempt(this::promote);
            case RETIRE -> attempt(this::retire);
        };
    }

    /**
     * Keeps the time stamps of initiations over a restart: sees to it that the Secret names a label well above the last one.
     * A wall clock that is behind then does not make us look like a replay to our peers.
     */
    void keep(Tai64n last) {
        if (timestamp
                .filter(kept -> kept.compareTo(last.plusSeconds(MARGIN_SECONDS)) >= 0)
                .isEmpty()) {
            Tai64n ahead = last.plusSeconds(2 * MARGIN_SECONDS);
            attempt(() -> {
                if (change(secret(), data -> KeySecret.withTimestamp(data, ahead))) {
                    learn(Optional.of(ahead));
                }
            });
        }
    }

    /** Wipes the keys that are neither known any more nor in force. */
    void wipeAllBut(StaticKeys inForce, Collection<PresharedKey> secretsInForce) {
        ring.wipeAllBut(inForce, secretsInForce);
    }

    private boolean attempt(Runnable change) {
        Optional<KeyMaterial> before = keys();
        try {
            change.run();
            problem = Optional.empty();
        } catch (KubeException | KubernetesClientException | CryptoException e) {
            String reason = "Secret " + names.keysSecret() + ": " + e.getMessage();
            if (!problem.equals(Optional.of(reason))) {
                LOG.warn("no keys from {}", reason);
            }
            problem = Optional.of(reason);
        }
        return !keys().equals(before);
    }

    private KeyMaterial read(long generation) {
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Secret secret = secret();
            Optional<KeyMaterial> stored = KeySecret.read(data(secret));
            if (stored.isPresent()) {
                learn(KeySecret.timestamp(data(secret)));
                return stored.get();
            }
            try (PrivateKey first = PrivateKey.generate(random)) {
                if (change(secret, data -> KeySecret.withFirst(data, first, generation))) {
                    LOG.info(
                            "made a static key in Secret {}; its public half is {}",
                            names.keysSecret(),
                            first.publicKey());
                }
            }
        }
        throw new KubeException("others keep changing it while its key is made; it is tried again");
    }

    private void introduce(long generation) {
        Secret secret = secret();
        if (isKnown(secret)) {
            try (PrivateKey next = PrivateKey.generate(random)) {
                if (change(secret, data -> KeySecret.withNext(data, next, generation))) {
                    LOG.info("introducing the static key {} for keyGeneration {}", next.publicKey(), generation);
                }
            }
        }
        ring.found(read(generation));
    }

    private void promote() {
        Secret secret = secret();
        boolean promoted = isKnown(secret) && change(secret, KeySecret::promoted);
        ring.found(read(0));
        if (promoted) {
            keys().ifPresent(keys ->
                    LOG.info("initiating with the static key {}", keys.current().publicKey()));
        }
    }

    private void retire() {
        ring.retire();
        LOG.info("the last static key is retired");
    }

    /** Whether the static keys in the Secret are those that the step was decided upon. */
    private boolean isKnown(Secret secret) {
        Optional<KeyMaterial> stored = KeySecret.read(data(secret));
        boolean known = stored.map(KeyMaterial::staticKeys).equals(keys().map(KeyMaterial::staticKeys));
        stored.ifPresent(KeyMaterial::wipe);
        return known;
    }

    private Secret secret() {
        Secret secret = client.secrets()
                .inNamespace(names.nodeNamespace())
                .withName(ObjectNames.KEYS_SECRET)
                .get();
        if (secret == null) {
            throw new KubeException("it does not exist; apply manifests/kustomize/default, which creates it empty");
        }
        return secret;
    }

    private static Map<String, String> data(Secret secret) {
        return secret.getData() == null ? Map.of() : secret.getData();
    }

    /** Returns false when somebody else was faster; the next look finds what they wrote. */
    private boolean change(Secret secret, UnaryOperator<Map<String, String>> change) {
        Secret changed =
                new SecretBuilder(secret).withData(change.apply(data(secret))).build();
        try {
            client.resource(changed).update();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
            return false;
        }
    }
}
