// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.wire.MessageType;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Two gateways over hours of virtual time: the timers of the protocol as their effects. */
class TwoPartyTest {
    private static final PrivateKey LISBON_KEY = PrivateKey.generate(new Random(12));

    private final Network network = new Network(1);
    private final Party genoa = new Party(network, "genoa", 1, PrivateKey.generate(new Random(11)));
    private final Party lisbon = new Party(network, "3rd-lisbon", 2, LISBON_KEY);
    private int said;

    @Test
    void carriesPacketsBothWaysAfterOneHandshake() {
        connect();

        assertThat(genoa.say(lisbon, "ahoy")).isTrue();
        assertThat(lisbon.say(genoa, "ciao")).isTrue();
        network.run(1);

        assertThat(lisbon.heard()).containsExactly("ahoy");
        assertThat(genoa.heard()).containsExactly("ciao");
        assertThat(genoa.initiationsSent).isEqualTo(1);
        assertThat(lisbon.initiationsSent).isZero();
    }

    @Test
    void getsOverBothSidesCallingAtOnce() {
        genoa.knows(lisbon);
        lisbon.knows(genoa);
        network.run(1);

        genoa.say(lisbon, "ahoy");
        lisbon.say(genoa, "ciao");
        network.run(1);

        assertThat(lisbon.heard()).containsExactly("ahoy");
        assertThat(genoa.heard()).containsExactly("ciao");
    }

    @Test
    void replacesKeysEveryTwoMinutesWithoutLosingAPacket() {
        connect();

        network.runNanos(TimeUnit.SECONDS.toNanos(605), () -> {
            genoa.say(lisbon, Integer.toString(said));
            lisbon.say(genoa, Integer.toString(said));
            said++;
        });
        network.run(1);

        List<String> all = IntStream.range(0, said).mapToObj(Integer::toString).toList();
        assertThat(lisbon.heard()).containsExactlyElementsOf(all);
        assertThat(genoa.heard()).containsExactlyElementsOf(all);
        assertThat(genoa.established).isEqualTo(6);
        assertThat(genoa.initiationsSent + lisbon.initiationsSent).isEqualTo(6);
    }

    @Test
    void replacesKeysInTimeWhenOnlyTheResponderSends() {
        connect();

        network.runNanos(TimeUnit.SECONDS.toNanos(400), () -> {
            lisbon.say(genoa, Integer.toString(said));
            said++;
        });
        network.run(1);

        assertThat(genoa.heard()).hasSize(said);
        assertThat(lisbon.packetsLostForLackOfASession).isZero();
    }

    @Test
    void replacesKeysInTimeWhenItOnlyHearsKeepalives() {
        lisbon.knows(genoa, PresharedKey.none(), 25);
        genoa.knows(lisbon);

        network.run(164);
        assertThat(genoa.established).isEqualTo(1);

        network.run(15);
        assertThat(genoa.established).isEqualTo(2);
    }

    @Test
    void stopsCallingWhenThePeersOwnCallGetsThrough() {
        network.drop = (from, datagram) -> from == genoa && Party.typeOf(datagram) == MessageType.INITIATION;
        genoa.knows(lisbon);
        lisbon.knows(genoa);

        network.run(60);

        assertThat(genoa.established).isEqualTo(1);
        assertThat(genoa.initiationsSent).isEqualTo(1);
    }

    @Test
    void stopsUsingASessionAfterThreeMinutes() {
        connect();
        PeerSession peer = genoa.session(lisbon);
        TransportSession session = Objects.requireNonNull(peer.sending(network.now()));
        long end = session.createdNanos() + TimeUnit.SECONDS.toNanos(180);

        assertThat(peer.sending(end - 1)).isSameAs(session);
        assertThat(peer.sending(end)).isNull();
    }

    @Test
    void wipesKeysOfASilentPeerAfterNineMinutes() {
        connect();
        TransportSession session = Objects.requireNonNull(genoa.session(lisbon).sending(network.now()));

        network.run(530);
        assertThat(genoa.device.sessions().find(session.localIndex())).isSameAs(session);

        network.run(20);
        assertThat(genoa.device.sessions().find(session.localIndex())).isNull();
        assertThat(genoa.initiationsSent).isEqualTo(1);
    }

    @Test
    void triesForNinetySecondsAndGivesUp() {
        network.drop = (from, datagram) -> true;
        genoa.knows(lisbon);

        network.run(200);

        List<Long> times = network.recorded.stream().map(Network.Datagram::at).toList();
        assertThat(times).hasSizeBetween(16, 18);
        assertThat(IntStream.range(1, times.size()).mapToLong(i -> times.get(i) - times.get(i - 1)))
                .allSatisfy(
                        gap -> assertThat(TimeUnit.NANOSECONDS.toMillis(gap)).isBetween(5_000L, 5_500L));
        assertThat(genoa.gaveUp).isEqualTo(1);
    }

    @Test
    void goesOnTryingWhileThereIsDemandButNotFasterThanEveryFiveSeconds() {
        network.drop = (from, datagram) -> true;
        genoa.knows(lisbon);

        network.runNanos(TimeUnit.SECONDS.toNanos(300), () -> genoa.say(lisbon, "anybody?"));

        assertThat(genoa.initiationsSent).isBetween(54, 60);
        assertThat(genoa.gaveUp).isZero();
    }

    @Test
    void keepsItsPaceOfInitiationsAcrossSessions() {
        connect();

        network.runNanos(
                TimeUnit.SECONDS.toNanos(60), () -> genoa.session(lisbon).requestHandshake());

        assertThat(genoa.initiationsSent).isLessThanOrEqualTo(13);
    }

    @Test
    void staysConnectedOnALinkThatLosesAThird() {
        genoa.knows(lisbon);
        lisbon.knows(genoa);
        network.loss = 0.33;

        network.runNanos(TimeUnit.SECONDS.toNanos(1800), () -> {
            genoa.say(lisbon, Integer.toString(said));
            lisbon.say(genoa, Integer.toString(said));
            said++;
        });

        assertThat(lisbon.heard()).hasSizeGreaterThan(said * 6 / 10).doesNotHaveDuplicates();
        assertThat(genoa.heard()).hasSizeGreaterThan(said * 6 / 10).doesNotHaveDuplicates();
    }

    @Test
    void noticesWithinFifteenSecondsThatThePeerForgot() {
        connect();
        Party reborn = new Party(network, "3rd-lisbon", 2, LISBON_KEY);
        reborn.knows(genoa, PresharedKey.none(), 0);

        network.runNanos(TimeUnit.SECONDS.toNanos(17), () -> genoa.say(lisbon, "still there?"));

        assertThat(reborn.heard()).isNotEmpty();
    }

    @Test
    void answersOneWayTrafficWithKeepalives() {
        connect();
        int before = genoa.initiationsSent;

        network.runNanos(TimeUnit.SECONDS.toNanos(100), () -> genoa.say(lisbon, "listen"));

        assertThat(lisbon.keepalivesSent).isBetween(9, 10);
        assertThat(genoa.initiationsSent).isEqualTo(before);
    }

    @Test
    void sendsASecondKeepaliveForWhatCameWhileTheFirstWasDue() {
        connect();
        genoa.say(lisbon, "one");
        network.run(5);
        genoa.say(lisbon, "two");

        network.run(50);

        assertThat(lisbon.keepalivesSent).isEqualTo(2);
    }

    @Test
    void doesNotAnswerKeepalivesWithKeepalives() {
        connect();
        genoa.say(lisbon, "once");

        network.run(100);

        assertThat(lisbon.keepalivesSent).isEqualTo(1);
        assertThat(genoa.keepalivesSent).isEqualTo(1);
    }

    @Test
    void keepsANatOpen() {
        genoa.knows(lisbon, PresharedKey.none(), 25, lisbon.endpoint);
        lisbon.knows(genoa, PresharedKey.none(), 0);

        network.run(111);

        assertThat(genoa.keepalivesSent).isEqualTo(5);
    }

    @Test
    void waitsForConfirmationBeforeItSendsAsResponder() {
        network.drop = (from, datagram) -> Party.typeOf(datagram) == MessageType.TRANSPORT;
        connect();
        assertThat(genoa.established).isEqualTo(1);
        assertThat(lisbon.session(genoa).sending(network.now())).isNull();

        network.drop = (from, datagram) -> false;
        genoa.say(lisbon, "now");
        network.run(1);

        assertThat(lisbon.established).isEqualTo(1);
        assertThat(lisbon.session(genoa).sending(network.now())).isNotNull();
    }

    @Test
    void forgetsARemovedPeer() {
        connect();

        lisbon.device.remove(genoa.publicKey());
        genoa.say(lisbon, "ahoy");
        network.run(40);

        assertThat(lisbon.heard()).isEmpty();
        assertThat(lisbon.dropped(HandshakeDrop.UNKNOWN_PEER)).isPositive();
    }

    private void connect() {
        lisbon.knows(genoa, PresharedKey.none(), 0);
        genoa.knows(lisbon);
        network.run(1);
    }
}
