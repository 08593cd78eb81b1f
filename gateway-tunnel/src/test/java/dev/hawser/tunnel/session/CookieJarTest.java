// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.wire.Initiation;
import dev.hawser.tunnel.wire.MacedMessage;
import dev.hawser.tunnel.wire.Message;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a maker of cookies believes, against the side that asks for them. */
class CookieJarTest {
    private static final UdpEndpoint GENOA = UdpEndpoint.of(IpAddress.parse("203.0.113.1"), 51_820);
    private static final long MADE = TimeUnit.HOURS.toNanos(1);
    private static final long END = MADE + TimeUnit.SECONDS.toNanos(120);

    private final Identity lisbon = new Identity(PrivateKey.generate(new Random(12)));
    private final CookieJar jar = new CookieJar(new Random(1));
    private final MacStamper stamper = new MacStamper(lisbon.publicKey());
    private final Initiation initiation = Initiation.of(7, new byte[32], new byte[48], new byte[28]);

    @Test
    void believesNobodyBeforeTheFirstCookie() {
        assertThat(jar.isProven(stamped(MADE), GENOA, MADE)).isFalse();
    }

    @Test
    void believesItsCookie() {
        takeCookie();

        assertThat(jar.isProven(stamped(MADE), GENOA, MADE)).isTrue();
    }

    @Test
    void believesItFromItsAddressAndPortOnly() {
        takeCookie();

        assertThat(jar.isProven(stamped(MADE), UdpEndpoint.of(IpAddress.parse("203.0.113.2"), 51_820), MADE))
                .isFalse();
        assertThat(jar.isProven(stamped(MADE), UdpEndpoint.of(GENOA.address(), 51_821), MADE))
                .isFalse();
    }

    @Test
    void forgetsItsCookiesAfterTwoMinutes() {
        takeCookie();
        MacedMessage proven = stamped(MADE);

        assertThat(jar.isProven(proven, GENOA, END - 1)).isTrue();
        assertThat(jar.isProven(proven, GENOA, END)).isFalse();
    }

    @Test
    void forgetsThemWhenClosed() {
        takeCookie();
        MacedMessage proven = stamped(MADE);

        jar.close();

        assertThat(jar.isProven(proven, GENOA, MADE)).isFalse();
    }

    private void takeCookie() {
        assertThat(stamper.accept(jar.reply(lisbon, stamped(MADE), GENOA, MADE), MADE))
                .isTrue();
    }

    private MacedMessage stamped(long now) {
        return (MacedMessage) Message.parse(stamper.stamp(initiation, now)).orElseThrow();
    }
}
