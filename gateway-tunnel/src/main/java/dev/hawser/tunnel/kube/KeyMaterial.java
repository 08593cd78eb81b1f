// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.session.StaticKeys;
import java.util.Map;
import java.util.Optional;

/**
 * The keys that this gateway has. Its parts redact themselves, so it may be named in a log but has nothing to say there.
 *
 * @param current what we initiate with
 * @param rotation where the replacement of that key stands
 * @param generation the ClusterGateway's {@code keyGeneration} that the newest of the static keys was made for
 * @param presharedKeys by the peer's cluster ID
 */
record KeyMaterial(PrivateKey current, Rotation rotation, long generation, Map<String, PresharedKey> presharedKeys) {
    /** How far the replacement of a static key has come. */
    sealed interface Rotation {
        /** No replacement is under way. */
        record None() implements Rotation {}

        /** Peers learn the next key, which we answer for. */
        record Introducing(PrivateKey next) implements Rotation {}

        /** We initiate with the new key, and answer for the last one as long as a session made with it is in use. */
        record Retiring(PrivateKey last) implements Rotation {}
    }

    KeyMaterial {
        presharedKeys = Map.copyOf(presharedKeys);
    }

    StaticKeys staticKeys() {
        return switch (rotation) {
            case Rotation.None() -> StaticKeys.only(current);
            case Rotation.Introducing(PrivateKey next) -> StaticKeys.introducing(current, next);
            case Rotation.Retiring(PrivateKey last) -> StaticKeys.retiring(current, last);
        };
    }

    /** Wipes all keys; for a copy that nobody uses. */
    void wipe() {
        staticKeys().all().forEach(PrivateKey::close);
        presharedKeys.values().forEach(PresharedKey::close);
    }

    Optional<PresharedKey> presharedKey(String clusterId) {
        return Optional.ofNullable(presharedKeys.get(clusterId));
    }
}
