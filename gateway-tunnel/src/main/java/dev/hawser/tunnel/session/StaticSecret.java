// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a peer's static key and ours share. It is the same in every handshake, and to derive it is one of the two agreements that
 * an initiation needs; a peer that is down is sent one every five seconds. Control thread only; holds a secret until {@link
 * #close}, after which it derives it anew.
 */
final class StaticSecret implements AutoCloseable {
    private final PublicKey peer;
    private @Nullable PublicKey own;
    private Optional<byte[]> secret = Optional.empty();

    StaticSecret(PublicKey peer) {
        this.peer = peer;
    }

    /** The peer's key. */
    PublicKey publicKey() {
        return peer;
    }

    /**
     * The secret, 32 bytes that the caller wipes.
     *
     * @return empty if the peer's key is a point of small order
     */
    Optional<byte[]> sharedWith(PrivateKey key) {
        if (own == null || !own.equals(key.publicKey())) {
            close();
            secret = key.agree(peer);
            own = key.publicKey();
        }
        return secret.map(byte[]::clone);
    }

    @Override
    public void close() {
        secret.ifPresent(bytes -> Arrays.fill(bytes, (byte) 0));
        secret = Optional.empty();
        own = null;
    }
}
