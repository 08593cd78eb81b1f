// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The static keys of a gateway: one, or two while it replaces it. Initiations may be made for each of them.
 *
 * @param initiating the key we initiate with
 * @param next what will be used when all peers know it
 * @param last what was used before; sessions made with it are replaced as soon as possible
 */
public record StaticKeys(PrivateKey initiating, Optional<PrivateKey> next, Optional<PrivateKey> last) {
    /** A gateway at rest. */
    public static StaticKeys only(PrivateKey key) {
        return new StaticKeys(key, Optional.empty(), Optional.empty());
    }

    /** A gateway that lets its peers learn a key. */
    public static StaticKeys introducing(PrivateKey current, PrivateKey next) {
        return new StaticKeys(current, Optional.of(next), Optional.empty());
    }

    /** A gateway that has put a new key in place of the last one. */
    public static StaticKeys retiring(PrivateKey current, PrivateKey last) {
        return new StaticKeys(current, Optional.empty(), Optional.of(last));
    }

    /** All keys, the one we initiate with first. */
    public List<PrivateKey> all() {
        return Stream.concat(Stream.of(initiating), Stream.concat(next.stream(), last.stream()))
                .toList();
    }

    /** The public halves, the one we initiate with first: what peers have to know. */
    public List<PublicKey> publicKeys() {
        return all().stream().map(PrivateKey::publicKey).toList();
    }
}
