// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.Blake2s;
import dev.hawser.tunnel.crypto.HandshakeAead;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.wire.CookieReply;
import dev.hawser.tunnel.wire.MacedMessage;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sets the MACs of the handshake messages to one peer, and keeps the cookie that a peer under load asks back in mac2
 * (whitepaper, section 5.4.7). Confined to the control thread.
 */
final class MacStamper {
    private static final byte[] NO_MAC = new byte[MacedMessage.MAC_LENGTH];

    private final byte[] mac1Key;
    private final byte[] cookieKey;
    private byte @Nullable [] lastMac1;
    private byte @Nullable [] cookie;
    private long cookieSince;

    MacStamper(PublicKey peer) {
        this.mac1Key = Identity.mac1Key(peer);
        this.cookieKey = Identity.cookieKey(peer);
    }

    /** The bytes to send. */
    byte[] stamp(MacedMessage message, long now) {
        byte[] mac1 = Blake2s.mac(mac1Key, message.coveredByMac1());
        MacedMessage once = message.withMacs(mac1, NO_MAC);
        lastMac1 = mac1;
        byte[] usable = now - cookieSince < ProtocolLimits.COOKIE_USABLE ? cookie : null;
        if (usable == null) {
            return once.toBytes();
        }
        return once.withMacs(mac1, Blake2s.mac(usable, once.coveredByMac2())).toBytes();
    }

    /**
     * Takes the cookie out of a reply to the last message. It serves from the next message on: the one that was answered stays
     * unanswered, as the protocol wants it.
     *
     * @return false if the reply is not authentic, or there was nothing to reply to
     */
    boolean accept(CookieReply reply, long now) {
        byte[] answered = lastMac1;
        if (answered == null) {
            return false;
        }
        Optional<byte[]> opened =
                HandshakeAead.XCHACHA20_POLY1305.open(cookieKey, reply.nonce(), reply.sealedCookie(), answered);
        if (opened.isEmpty()) {
            return false;
        }
        cookie = opened.get();
        cookieSince = now;
        lastMac1 = null;
        return true;
    }
}
