// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.kube.KeyMaterial.Rotation;
import dev.hawser.tunnel.session.StaticKeys;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The keys in memory: one copy of each, however often the Secret is read, and none of those that are no longer needed.
 * {@link #keys} is for any thread, the rest belongs to one.
 */
final class KeyRing {
    private volatile Optional<KeyMaterial> keys = Optional.empty();
    private final List<PrivateKey> discarded = new ArrayList<>();
    private final List<PresharedKey> discardedSecrets = new ArrayList<>();

    Optional<KeyMaterial> keys() {
        return keys;
    }

    /** Takes over what the Secret holds; that a last key is being retired stands in memory only. */
    void found(KeyMaterial stored) {
        if (keys.isEmpty()) {
            keys = Optional.of(stored);
            return;
        }
        KeyMaterial known = keys.get();
        Rotation rotation = rotation(known, stored);
        KeyMaterial next = new KeyMaterial(
                kept(known, stored.current()), rotation, stored.generation(), presharedKeys(known, stored));
        List<PrivateKey> needed = next.staticKeys().all();
        known.staticKeys().all().stream().filter(key -> !needed.contains(key)).forEach(discarded::add);
        known.presharedKeys().values().stream()
                .filter(secret -> !next.presharedKeys().containsValue(secret))
                .forEach(discardedSecrets::add);
        keys = Optional.of(next);
    }

    /** Also when another process, or a write whose answer was lost, has put the next key in force. */
    private static Rotation rotation(KeyMaterial known, KeyMaterial stored) {
        if (stored.rotation() instanceof Rotation.Introducing(PrivateKey next)) {
            return new Rotation.Introducing(kept(known, next));
        }
        boolean same = stored.current().equals(known.current());
        return switch (known.rotation()) {
            case Rotation.Retiring retiring when same -> retiring;
            case Rotation.Introducing(PrivateKey next)
            when next.equals(stored.current()) -> new Rotation.Retiring(known.current());
            case Rotation.None _, Rotation.Introducing _, Rotation.Retiring _ -> new Rotation.None();
        };
    }

    private static PrivateKey kept(KeyMaterial known, PrivateKey stored) {
        Optional<PrivateKey> same =
                known.staticKeys().all().stream().filter(stored::equals).findFirst();
        same.ifPresent(_ -> stored.close());
        return same.orElse(stored);
    }

    private static Map<String, PresharedKey> presharedKeys(KeyMaterial known, KeyMaterial stored) {
        Map<String, PresharedKey> keys = new HashMap<>();
        stored.presharedKeys().forEach((id, found) -> {
            Optional<PresharedKey> same = known.presharedKey(id).filter(found::equals);
            same.ifPresent(_ -> found.close());
            keys.put(id, same.orElse(found));
        });
        return keys;
    }

    /** Lets the last key go. */
    void retire() {
        keys = keys.map(known -> {
            if (!(known.rotation() instanceof Rotation.Retiring(PrivateKey last))) {
                return known;
            }
            discarded.add(last);
            return new KeyMaterial(known.current(), new Rotation.None(), known.generation(), known.presharedKeys());
        });
    }

    /** Wipes the keys that were let go, except for those that the tunnel still answers for, or with. */
    void wipeAllBut(StaticKeys inForce, Collection<PresharedKey> secretsInForce) {
        discardedSecrets.removeIf(secret -> {
            boolean unused = !secretsInForce.contains(secret);
            if (unused) {
                secret.close();
            }
            return unused;
        });
        discarded.removeIf(key -> {
            boolean unused = !inForce.all().contains(key);
            if (unused) {
                key.close();
            }
            return unused;
        });
    }
}
