// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.crypto.Blake2s;
import dev.hawser.tunnel.crypto.HandshakeAead;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.wire.CookieReply;
import dev.hawser.tunnel.wire.MacedMessage;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The responder's side of cookies (whitepaper, section 5.4.7): a cookie is a MAC of the sender's address under a secret that is
 * changed every two minutes, so nothing has to be kept per sender. Confined to the control thread; holds a secret until {@link
 * #close}.
 */
final class CookieJar implements AutoCloseable {
    private static final int SECRET_LENGTH = 32;

    private final RandomGenerator random;
    private final byte[] secret = new byte[SECRET_LENGTH];
    private long madeAt = TrafficMarks.NEVER;

    CookieJar(RandomGenerator random) {
        this.random = random;
    }

    /** Whether mac2 shows that the sender got a cookie of ours at this address and port. */
    boolean isProven(MacedMessage message, UdpEndpoint from, long now) {
        if (!isFresh(now)) {
            return false;
        }
        byte[] expected = Blake2s.mac(cookie(from), message.coveredByMac2());
        return MessageDigest.isEqual(expected, message.mac2());
    }

    /** The cookie for a sender, sealed so that only who sent the message, or saw it, can read it. */
    CookieReply reply(Identity addressed, MacedMessage message, UdpEndpoint from, long now) {
        if (!isFresh(now)) {
            random.nextBytes(secret);
            madeAt = now;
        }
        HandshakeAead aead = HandshakeAead.XCHACHA20_POLY1305;
        byte[] nonce = new byte[aead.nonceLength()];
        random.nextBytes(nonce);
        byte[] sealed = aead.seal(addressed.cookieKey(), nonce, cookie(from), message.mac1());
        return CookieReply.of(message.sender(), nonce, sealed);
    }

    private boolean isFresh(long now) {
        return madeAt != TrafficMarks.NEVER && now - madeAt < ProtocolLimits.COOKIE_REFRESH;
    }

    private byte[] cookie(UdpEndpoint from) {
        byte[] port =
                ByteBuffer.allocate(Short.BYTES).putShort((short) from.port()).array();
        return Blake2s.mac(secret, from.address().toBytes(), port);
    }

    @Override
    public void close() {
        Arrays.fill(secret, (byte) 0);
        madeAt = TrafficMarks.NEVER;
    }
}
