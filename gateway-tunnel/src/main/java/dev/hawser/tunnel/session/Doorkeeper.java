// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.wire.MacedMessage;
import java.util.Optional;

/**
 * Decides which handshake messages are worth the arithmetic when more of them come than can be followed: only those whose sender
 * has proven its address, and not too many from one. Others get a cookie to prove it with, which costs a hundredth of a
 * handshake. Confined to the control thread.
 */
final class Doorkeeper implements AutoCloseable {
    private final DevicePorts ports;
    private final CookieJar cookies;
    private final SourceRates rates = new SourceRates();
    private long loadedUntil = TrafficMarks.NEVER;

    Doorkeeper(DevicePorts ports) {
        this.ports = ports;
        this.cookies = new CookieJar(ports.random());
    }

    /** Notes that more waits than is good; it holds for a second, or the door would flap with every message that is taken. */
    void load(long now) {
        loadedUntil = now + ProtocolLimits.LOAD_HOLD;
    }

    boolean isLoaded(long now) {
        return loadedUntil != TrafficMarks.NEVER && now - loadedUntil < 0;
    }

    /**
     * Lets a message in, or says why not.
     *
     * @param addressed the key of ours in its mac1, which was checked
     */
    Optional<HandshakeDrop> refuse(Identity addressed, MacedMessage message, UdpEndpoint from, long now) {
        if (!isLoaded(now)) {
            return Optional.empty();
        }
        if (!cookies.isProven(message, from, now)) {
            ports.outbox()
                    .send(from, cookies.reply(addressed, message, from, now).toBytes());
            return Optional.of(HandshakeDrop.NO_COOKIE);
        }
        return rates.allows(from.address(), now) ? Optional.empty() : Optional.of(HandshakeDrop.RATE_LIMITED);
    }

    @Override
    public void close() {
        cookies.close();
    }
}
