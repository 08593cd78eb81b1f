// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.tunnel.crypto.CryptoException;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.kube.KeyMaterial.Rotation;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data of the Secret with this gateway's keys, as text that {@code wg} prints: {@code private}; {@code next} while it is
 * being introduced; {@code generation}, a number, of the newest of the two; {@code psk.ID}; and {@code timestamp}, the TAI64N
 * label, 24 hexadecimal digits, above which initiations with these keys begin after a restart. What else stands there is kept.
 * Pure, but for a word in the log about a preshared key that is none.
 */
final class KeySecret {
    private static final Logger LOG = LoggerFactory.getLogger(KeySecret.class);
    private static final String PRIVATE = "private";
    private static final String NEXT = "next";
    private static final String GENERATION = "generation";
    private static final String TIMESTAMP = "timestamp";
    private static final String PRESHARED = "psk.";

    private static final Pattern LABEL = Pattern.compile("[0-9a-f]{" + 2 * Tai64n.LENGTH + "}");

    private KeySecret() {}

    /**
     * Reads the data; nothing if there is no private key yet.
     *
     * @throws CryptoException if what should be a key is none
     */
    static Optional<KeyMaterial> read(Map<String, String> data) {
        String current = decoded(data, PRIVATE);
        if (current.isEmpty()) {
            return Optional.empty();
        }
        String next = decoded(data, NEXT);
        Rotation rotation =
                next.isEmpty() ? new Rotation.None() : new Rotation.Introducing(PrivateKey.fromBase64(next));
        return Optional.of(
                new KeyMaterial(PrivateKey.fromBase64(current), rotation, generation(data), presharedKeys(data)));
    }

    /** The data with a first key. */
    static Map<String, String> withFirst(Map<String, String> data, PrivateKey first, long generation) {
        Map<String, String> filled = new HashMap<>(data);
        filled.put(PRIVATE, encoded(first.toBase64()));
        filled.put(GENERATION, encoded(Long.toString(generation)));
        return filled;
    }

    /** The data with a key to be introduced. */
    static Map<String, String> withNext(Map<String, String> data, PrivateKey next, long generation) {
        Map<String, String> changed = new HashMap<>(data);
        changed.put(NEXT, encoded(next.toBase64()));
        changed.put(GENERATION, encoded(Long.toString(generation)));
        return changed;
    }

    /** The data after the next key has taken the place of the current one. */
    static Map<String, String> promoted(Map<String, String> data) {
        Map<String, String> changed = new HashMap<>(data);
        Optional.ofNullable(changed.remove(NEXT)).ifPresent(next -> changed.put(PRIVATE, next));
        return changed;
    }

    /** The data with a label that no initiation so far has reached. */
    static Map<String, String> withTimestamp(Map<String, String> data, Tai64n label) {
        Map<String, String> changed = new HashMap<>(data);
        changed.put(TIMESTAMP, encoded(HexFormat.of().formatHex(label.toBytes())));
        return changed;
    }

    /** The label that stands there; none if it is not readable, which costs nothing as long as the clock is right. */
    static Optional<Tai64n> timestamp(Map<String, String> data) {
        String text = decoded(data, TIMESTAMP);
        if (!LABEL.matcher(text).matches()) {
            return Optional.empty();
        }
        return Optional.of(Tai64n.parse(HexFormat.of().parseHex(text)));
    }

    private static long generation(Map<String, String> data) {
        String text = decoded(data, GENERATION);
        try {
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new KubeException(
                    "generation \"" + text + "\" is no number; write the ClusterGateway's keyGeneration", e);
        }
    }

    private static Map<String, PresharedKey> presharedKeys(Map<String, String> data) {
        Map<String, PresharedKey> keys = new HashMap<>();
        data.keySet().stream().filter(name -> name.startsWith(PRESHARED)).forEach(name -> {
            try {
                keys.put(name.substring(PRESHARED.length()), PresharedKey.fromBase64(decoded(data, name)));
            } catch (CryptoException e) {
                // One peer's matter: its Connection goes on saying that it waits for the key.
                LOG.warn("{} is no key: {}", name, e.getMessage());
            }
        });
        return keys;
    }

    private static String decoded(Map<String, String> data, String name) {
        byte[] text = Base64.getDecoder().decode(data.getOrDefault(name, ""));
        return new String(text, StandardCharsets.US_ASCII).strip();
    }

    private static String encoded(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }
}
