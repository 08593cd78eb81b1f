// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import dev.hawser.tunnel.wire.HandshakeResponse;
import dev.hawser.tunnel.wire.Message;
import dev.hawser.tunnel.wire.MessageType;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A gateway that is sent more handshake messages than it can follow, and its peers meanwhile. */
class UnderLoadTest {
    private static final IpAddress NOBODY = IpAddress.parse("198.51.100.1");

    private final Network network = new Network(1);
    private final Party genoa = new Party(network, "genoa", 1, PrivateKey.generate(new Random(11)));
    private final Party lisbon = new Party(network, "3rd-lisbon", 2, PrivateKey.generate(new Random(12)));

    @Test
    void letsInWhoProvesItsAddressWithACookie() {
        lisbon.knows(genoa, PresharedKey.none(), 0);
        genoa.knows(lisbon);

        underLoad(lisbon, 12);

        assertThat(lisbon.cookiesGiven).isEqualTo(1);
        assertThat(lisbon.dropped(HandshakeDrop.NO_COOKIE)).isEqualTo(1);
        assertThat(genoa.established).isEqualTo(1);
        assertThat(genoa.initiationsSent).isEqualTo(2);
    }

    @Test
    void letsEverybodyInAgainASecondLater() {
        lisbon.knows(genoa, PresharedKey.none(), 0);
        lisbon.device.load(network.now());
        network.run(1);

        genoa.knows(lisbon);
        network.run(1);

        assertThat(lisbon.cookiesGiven).isZero();
        assertThat(genoa.established).isEqualTo(1);
    }

    @Test
    void givesTheCookieToTheAddressItIsFor() {
        lisbon.knows(genoa, PresharedKey.none(), 0);
        genoa.knows(lisbon);
        lisbon.device.load(network.now());
        network.run(1);

        network.move(genoa, UdpEndpoint.of(IpAddress.parse("203.0.113.99"), 51_820));
        underLoad(lisbon, 6);

        assertThat(lisbon.cookiesGiven).isEqualTo(2);
        assertThat(genoa.established).isZero();
    }

    @Test
    void believesTheResponseItAskedFor() {
        lisbon.knows(genoa, PresharedKey.none(), 0);
        genoa.knows(lisbon);

        underLoad(genoa, 1);

        assertThat(genoa.established).isEqualTo(1);
        assertThat(genoa.cookiesGiven).isZero();
    }

    @Test
    void asksWhoAnswersForACookieOnceItWasDeceived() {
        lisbon.knows(genoa, PresharedKey.none(), 0);
        genoa.knows(lisbon);
        network.drop = (from, datagram) -> Party.typeOf(datagram) == MessageType.RESPONSE;
        network.run(1);
        byte[] real = network.recorded.stream()
                .map(Network.Datagram::bytes)
                .filter(bytes -> Party.typeOf(bytes) == MessageType.RESPONSE)
                .findFirst()
                .orElseThrow();
        HandshakeResponse response = (HandshakeResponse) Message.parse(real).orElseThrow();
        HandshakeResponse forged =
                HandshakeResponse.of(7, response.receiver(), lisbon.publicKey().toBytes(), new byte[16]);
        byte[] stamped = new MacStamper(genoa.publicKey()).stamp(forged, network.now());

        genoa.device.load(network.now());
        genoa.receive(stamped, lisbon.endpoint);
        genoa.receive(real, lisbon.endpoint);

        assertThat(genoa.dropped(HandshakeDrop.UNAUTHENTIC_RESPONSE)).isEqualTo(1);
        assertThat(genoa.dropped(HandshakeDrop.NO_COOKIE)).isEqualTo(1);
        assertThat(genoa.established).isZero();
    }

    @Test
    void callsAThousandPeersInTurn() {
        for (int i = 0; i < 1000; i++) {
            PublicKey key = PrivateKey.generate(new Random(1000 + i)).publicKey();
            genoa.device.put(new PeerSettings(
                    "peer-" + i, key, PresharedKey.none(), List.of(new UdpEndpoint(NOBODY, 1 + i, 0)), 0));
        }

        network.runNanos(TimeUnit.MILLISECONDS.toNanos(100), () -> {});
        assertThat(genoa.initiationsSent).isEqualTo(ProtocolLimits.INITIATIONS_PER_TICK);

        network.runNanos(TimeUnit.MILLISECONDS.toNanos(1500), () -> {});
        assertThat(genoa.initiationsSent).isEqualTo(1000);
        assertThat(network.recorded.stream().map(Network.Datagram::to).distinct())
                .hasSize(1000);
    }

    private void underLoad(Party party, int seconds) {
        network.runNanos(TimeUnit.SECONDS.toNanos(seconds), () -> party.device.load(network.now()));
    }
}
