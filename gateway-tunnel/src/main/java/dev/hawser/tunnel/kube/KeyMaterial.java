// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.kube;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import java.util.Map;
import java.util.Optional;

/** What the Secret holds. Its parts redact themselves, so it may be named in a log but has nothing to say there. */
record KeyMaterial(PrivateKey privateKey, Map<String, PresharedKey> presharedKeys) {
    KeyMaterial {
        presharedKeys = Map.copyOf(presharedKeys);
    }

    Optional<PresharedKey> presharedKey(String clusterId) {
        return Optional.ofNullable(presharedKeys.get(clusterId));
    }
}
