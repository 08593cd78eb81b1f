// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.Blake2s;
import dev.hawser.tunnel.crypto.HandshakeAead;
import dev.hawser.tunnel.crypto.Hex;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.wire.CookieReply;
import dev.hawser.tunnel.wire.Initiation;
import dev.hawser.tunnel.wire.MacedMessage;
import dev.hawser.tunnel.wire.Message;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MacStamperTest {
    private static final byte[] COOKIE = Hex.counting(16);
    private static final byte[] NONCE = Hex.counting(24);

    private final PublicKey responder = PrivateKey.generate(new Random(1)).publicKey();
    private final MacStamper stamper = new MacStamper(responder);
    private final Initiation initiation = Initiation.of(7, new byte[32], new byte[48], new byte[28]);

    @Test
    void leavesMac2ZeroWithoutACookie() {
        assertThat(stamped(0).mac2()).isEqualTo(new byte[16]);
    }

    @Test
    void provesItsAddressWithTheCookieFromTheNextMessageOn() {
        MacedMessage first = stamped(0);

        assertThat(stamper.accept(reply(first.mac1()), 0)).isTrue();

        MacedMessage second = stamped(1);
        assertThat(second.mac2()).isEqualTo(Blake2s.mac(COOKIE, second.coveredByMac2()));
    }

    @Test
    void forgetsACookieBeforeItsMakerDoes() {
        stamper.accept(reply(stamped(0).mac1()), 0);

        assertThat(stamped(TimeUnit.SECONDS.toNanos(115) - 1).mac2()).isNotEqualTo(new byte[16]);
        assertThat(stamped(TimeUnit.SECONDS.toNanos(115)).mac2()).isEqualTo(new byte[16]);
    }

    @Test
    void takesOneCookiePerMessage() {
        CookieReply reply = reply(stamped(0).mac1());

        assertThat(stamper.accept(reply, 0)).isTrue();
        assertThat(stamper.accept(reply, 0)).isFalse();
    }

    @Test
    void refusesCookiesForOtherMessages() {
        stamped(0);

        assertThat(stamper.accept(reply(new byte[16]), 0)).isFalse();
        assertThat(stamped(1).mac2()).isEqualTo(new byte[16]);
    }

    private MacedMessage stamped(long now) {
        return (MacedMessage) Message.parse(stamper.stamp(initiation, now)).orElseThrow();
    }

    private CookieReply reply(byte[] mac1) {
        byte[] key = Blake2s.hash("cookie--".getBytes(StandardCharsets.US_ASCII), responder.toBytes());
        return CookieReply.of(7, NONCE, HandshakeAead.XCHACHA20_POLY1305.seal(key, NONCE, COOKIE, mac1));
    }
}
