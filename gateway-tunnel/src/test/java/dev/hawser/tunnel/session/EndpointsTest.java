// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Where a peer is looked for, and where it is found. */
class EndpointsTest {
    private static final UdpEndpoint NOWHERE = UdpEndpoint.of(IpAddress.parse("198.51.100.1"), 51820);
    private static final UdpEndpoint ELSEWHERE = UdpEndpoint.of(IpAddress.parse("198.51.100.2"), 40_000);

    private final Network network = new Network(1);
    private final Party genoa = new Party(network, "genoa", 1, PrivateKey.generate(new Random(11)));
    private final Party lisbon = new Party(network, "3rd-lisbon", 2, PrivateKey.generate(new Random(12)));

    @Test
    void callsAllEndpointsWithTheSameBytesAndStaysWithTheOneThatAnswers() {
        lisbon.knows(genoa, PresharedKey.none(), 0);
        PeerSession peer = genoa.knows(lisbon, PresharedKey.none(), 0, NOWHERE, lisbon.endpoint, ELSEWHERE);
        network.run(1);

        List<Network.Datagram> initiations = network.recorded.subList(0, 3);
        assertThat(initiations).extracting(Network.Datagram::to).containsExactly(NOWHERE, lisbon.endpoint, ELSEWHERE);
        assertThat(initiations)
                .extracting(Network.Datagram::content)
                .containsOnly(initiations.getFirst().content());
        assertThat(peer.endpoint()).isEqualTo(lisbon.endpoint);
    }

    @Test
    void takesOnlyTheFirstCopyOfAnInitiation() {
        network.move(lisbon, NOWHERE);
        network.attach(lisbon);
        lisbon.knows(genoa, PresharedKey.none(), 0);
        genoa.knows(lisbon, PresharedKey.none(), 0, NOWHERE, lisbon.endpoint);

        network.run(1);

        assertThat(lisbon.dropped(HandshakeDrop.STALE_TIMESTAMP)).isEqualTo(1);
        assertThat(genoa.established).isEqualTo(1);
    }

    @Test
    void followsAPeerThatMoves() {
        lisbon.knows(genoa, PresharedKey.none(), 0);
        genoa.knows(lisbon);
        network.run(1);

        network.move(genoa, ELSEWHERE);
        genoa.say(lisbon, "moved");
        network.run(1);
        lisbon.say(genoa, "found");
        network.run(1);

        assertThat(lisbon.session(genoa).endpoint()).isEqualTo(ELSEWHERE);
        assertThat(genoa.heard()).containsExactly("found");
    }

    @Test
    void triesTheOtherEndpointsAndLeavesThePresentOneOut() {
        lisbon.knows(genoa, PresharedKey.none(), 0);
        PeerSession peer = genoa.knows(lisbon, PresharedKey.none(), 0, lisbon.endpoint, ELSEWHERE);
        network.run(10);
        network.move(lisbon, ELSEWHERE);
        network.attach(lisbon);
        network.recorded.clear();

        peer.callElsewhere(network.now());
        network.run(1);

        assertThat(network.recorded.getFirst().to()).isEqualTo(ELSEWHERE);
        assertThat(network.recorded)
                .filteredOn(datagram -> datagram.bytes()[0] == 1)
                .hasSize(1);
        assertThat(peer.endpoint()).isEqualTo(ELSEWHERE);
    }

    @Test
    void callsAPeerThatBecomesKnown() {
        lisbon.knows(genoa, PresharedKey.none(), 0);
        genoa.knows(lisbon, PresharedKey.none(), 0);
        network.run(10);
        assertThat(genoa.established).isZero();

        genoa.knows(lisbon);
        network.run(1);

        assertThat(genoa.established).isEqualTo(1);
    }

    @Test
    void isSilentWithoutAnEndpoint() {
        genoa.knows(lisbon, PresharedKey.none(), 25);
        genoa.say(lisbon, "where are you?");

        network.run(60);

        assertThat(network.recorded).isEmpty();
    }
}
