// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.Blake2s;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.wire.MacedMessage;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A static key of this gateway, with what is derived from it once. Two may be valid while a key is being replaced. */
final class Identity {
    private static final byte[] LABEL_MAC1 = "mac1----".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] LABEL_COOKIE = "cookie--".getBytes(StandardCharsets.US_ASCII);

    private final PrivateKey privateKey;
    private final byte[] mac1Key;
    private final byte[] cookieKey;

    Identity(PrivateKey privateKey) {
        this.privateKey = privateKey;
        this.mac1Key = mac1Key(privateKey.publicKey());
        this.cookieKey = cookieKey(privateKey.publicKey());
    }

    PrivateKey privateKey() {
        return privateKey;
    }

    PublicKey publicKey() {
        return privateKey.publicKey();
    }

    /** Whether a message's mac1 shows that its sender knows this public key; the cheap check that comes before all others. */
    boolean isAddressed(MacedMessage message) {
        byte[] expected = Blake2s.mac(mac1Key, message.coveredByMac1());
        return MessageDigest.isEqual(expected, message.mac1());
    }

    /** What cookies given under this key are sealed with. Not secret. */
    byte[] cookieKey() {
        return cookieKey;
    }

    static byte[] mac1Key(PublicKey receiver) {
        return Blake2s.hash(LABEL_MAC1, receiver.toBytes());
    }

    static byte[] cookieKey(PublicKey giver) {
        return Blake2s.hash(LABEL_COOKIE, giver.toBytes());
    }
}
