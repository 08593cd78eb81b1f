// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.Tai64n;
import dev.hawser.tunnel.wire.HandshakeResponse;
import dev.hawser.tunnel.wire.Initiation;
import dev.hawser.tunnel.wire.MessageType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What a gateway does not follow, and that it says why. */
class DefenceTest {
    private static final PrivateKey GENOA_KEY = PrivateKey.generate(new Random(11));

    private final Network network = new Network(1);
    private final InitiationClock clock = Party.clock(1_000_000, Optional.empty());
    private final Party genoa = new Party(network, "genoa", 1, GENOA_KEY, clock);
    private final Party lisbon = new Party(network, "3rd-lisbon", 2, PrivateKey.generate(new Random(12)));

    @Test
    void doesNotConnectWithDifferentPresharedKeys() {
        lisbon.knows(genoa, PresharedKey.generate(new Random(1)), 0);
        genoa.knows(lisbon, PresharedKey.generate(new Random(2)), 0, lisbon.endpoint);

        network.run(20);

        assertThat(genoa.established + lisbon.established).isZero();
        assertThat(genoa.dropped(HandshakeDrop.UNAUTHENTIC_RESPONSE)).isPositive();
        assertThat(lisbon.session(genoa).sending(network.now())).isNull();
    }

    @Test
    void connectsWithTheSamePresharedKey() {
        PresharedKey psk = PresharedKey.generate(new Random(1));
        lisbon.knows(genoa, psk, 0);
        genoa.knows(lisbon, psk, 0, lisbon.endpoint);

        network.run(1);

        assertThat(genoa.established).isEqualTo(1);
        assertThat(lisbon.established).isEqualTo(1);
    }

    @Test
    void dropsReplayedInitiations() {
        connect();

        network.inject(first(MessageType.INITIATION));
        network.run(1);
        genoa.say(lisbon, "still here");
        network.run(1);

        assertThat(lisbon.dropped(HandshakeDrop.STALE_TIMESTAMP)).isEqualTo(1);
        assertThat(lisbon.heard()).containsExactly("still here");
    }

    @Test
    void dropsReplayedPackets() {
        connect();
        genoa.say(lisbon, "pay once");
        network.run(1);

        network.inject(network.recorded.getLast());
        network.run(1);

        assertThat(lisbon.heard()).containsExactly("pay once");
        assertThat(lisbon.refused).containsExactly(TransportSession.REPLAYED);
    }

    @Test
    void dropsForgedPackets() {
        connect();
        genoa.say(lisbon, "genuine");
        byte[] forged = network.recorded.getLast().bytes();
        forged[20] ^= 1;

        lisbon.receive(forged, genoa.endpoint);

        assertThat(lisbon.refused).containsExactly(TransportSession.UNAUTHENTIC);
    }

    @Test
    void dropsInitiationsWithAForgedMac() {
        connect();
        byte[] forged = first(MessageType.INITIATION).bytes();
        forged[116] ^= 1;

        lisbon.device.receive(forged, genoa.endpoint, network.now());

        assertThat(lisbon.dropped(HandshakeDrop.WRONG_MAC1)).isEqualTo(1);
    }

    @Test
    void dropsInitiationsThatOnlyKnowThePublicKey() {
        Initiation noise = Initiation.of(1, GENOA_KEY.publicKey().toBytes(), new byte[48], new byte[28]);

        lisbon.device.receive(new MacStamper(lisbon.publicKey()).stamp(noise, 0), genoa.endpoint, 0);

        assertThat(lisbon.dropped(HandshakeDrop.UNAUTHENTIC_INITIATION)).isEqualTo(1);
    }

    @Test
    void dropsResponsesNobodyAskedFor() {
        HandshakeResponse noise = HandshakeResponse.of(1, 2, new byte[32], new byte[16]);

        lisbon.device.receive(new MacStamper(lisbon.publicKey()).stamp(noise, 0), genoa.endpoint, 0);

        assertThat(lisbon.dropped(HandshakeDrop.UNKNOWN_INDEX)).isEqualTo(1);
    }

    @Test
    void answersAPeerAtMostFiftyTimesPerSecond() {
        lisbon.knows(genoa, PresharedKey.none(), 0);

        lisbon.device.receive(initiation(1), genoa.endpoint, 0);
        lisbon.device.receive(initiation(2), genoa.endpoint, TimeUnit.MILLISECONDS.toNanos(20) - 1);
        lisbon.device.receive(initiation(3), genoa.endpoint, TimeUnit.MILLISECONDS.toNanos(20));

        assertThat(lisbon.dropped(HandshakeDrop.TOO_FREQUENT)).isEqualTo(1);
        assertThat(network.recorded).hasSize(2);
    }

    private byte[] initiation(int second) {
        InitiatorHandshake handshake = InitiatorHandshake.begin(
                        new Identity(GENOA_KEY),
                        new StaticSecret(lisbon.publicKey()),
                        PrivateKey.generate(new Random(second)),
                        second,
                        Tai64n.next(Instant.ofEpochSecond(second), null))
                .orElseThrow();
        return new MacStamper(lisbon.publicKey()).stamp(handshake.initiation(), 0);
    }

    @Test
    void dropsStrangers() {
        Party mallory = new Party(network, "mallory", 3, PrivateKey.generate(new Random(13)));
        mallory.knows(lisbon);

        network.run(1);

        assertThat(lisbon.dropped(HandshakeDrop.UNKNOWN_PEER)).isEqualTo(1);
        assertThat(network.recorded).hasSize(1);
    }

    @Test
    void dropsWhatIsNoMessage() {
        lisbon.device.receive(new byte[] {9, 9, 9, 9}, genoa.endpoint, 0);

        assertThat(lisbon.dropped(HandshakeDrop.MALFORMED)).isEqualTo(1);
    }

    @Test
    void isNotLockedOutByAClockSteppedBackOverARestart() {
        connect();
        Optional<Tai64n> kept = clock.last();
        assertThat(kept).isPresent();

        Party reborn = new Party(network, "genoa", 1, GENOA_KEY, Party.clock(1_000, kept));
        reborn.knows(lisbon);
        network.run(1);

        assertThat(reborn.established).isEqualTo(1);
    }

    @Test
    void isLockedOutByAClockSteppedBackIfNothingWasKept() {
        connect();

        Party reborn = new Party(network, "genoa", 1, GENOA_KEY, Party.clock(1_000, Optional.empty()));
        reborn.knows(lisbon);
        network.run(1);

        assertThat(reborn.established).isZero();
        assertThat(lisbon.dropped(HandshakeDrop.STALE_TIMESTAMP)).isEqualTo(1);
    }

    @Test
    void answersForBothKeysWhileOneIsReplaced() {
        PrivateKey fresh = PrivateKey.generate(new Random(14));
        Party porto = new Party(network, "porto", 3, PrivateKey.generate(new Random(15)));
        lisbon.device.identify(StaticKeys.retiring(fresh, lisbon.privateKey));
        lisbon.knows(genoa, PresharedKey.none(), 0);
        lisbon.knows(porto, PresharedKey.none(), 0);

        genoa.knows(lisbon);
        PeerSettings renamed =
                new PeerSettings("3rd-lisbon", fresh.publicKey(), PresharedKey.none(), List.of(lisbon.endpoint), 0);
        porto.device.put(renamed);
        network.run(1);

        assertThat(genoa.established).isEqualTo(1);
        assertThat(porto.established).isEqualTo(1);
    }

    @Test
    void refusesItselfAsPeer() {
        assertThatThrownBy(() -> genoa.knows(genoa))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("has this gateway's own public key");
    }

    private void connect() {
        lisbon.knows(genoa, PresharedKey.none(), 0);
        genoa.knows(lisbon);
        network.run(1);
    }

    private Network.Datagram first(MessageType type) {
        return network.recorded.stream()
                .filter(datagram -> Party.typeOf(datagram.bytes()) == type)
                .findFirst()
                .orElseThrow();
    }
}
