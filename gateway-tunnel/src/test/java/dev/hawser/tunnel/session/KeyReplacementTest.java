// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import dev.hawser.tunnel.crypto.PublicKey;
import dev.hawser.tunnel.path.PeerLane;
import dev.hawser.tunnel.port.UdpEndpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/**
 * Static keys are replaced while both gateways talk all the time: by one of them or by both at once, whoever can call whom, and
 * with the news of it under way for any time.
 */
class KeyReplacementTest {
    private static final PresharedKey SECRET = PresharedKey.generate(new Random(5));

    @Property(tries = 60)
    void losesNoPacket(
            @ForAll boolean genoaCalls,
            @ForAll boolean lisbonCallsToo,
            @ForAll boolean bothReplace,
            @ForAll @IntRange(min = 1, max = 40) int ticks,
            @ForAll @IntRange(max = 40) int lisbonLater) {
        World world = new World(genoaCalls, !genoaCalls || lisbonCallsToo);

        List<Replacement> replacements = new ArrayList<>();
        replacements.add(new Replacement(world.genoa, world.lisbon, 60, ticks));
        if (bothReplace) {
            replacements.add(new Replacement(world.lisbon, world.genoa, 60 + lisbonLater, ticks));
        }
        world.talk(60, replacements);

        List<String> all =
                IntStream.range(0, world.said).mapToObj(Integer::toString).toList();
        assertThat(world.lisbon.party.heard()).containsExactlyElementsOf(all);
        assertThat(world.genoa.party.heard()).containsExactlyElementsOf(all);
        replacements.forEach(Replacement::assertDone);
    }

    @Property(tries = 20)
    void endsOnABadLineToo(@ForAll boolean genoaCalls, @ForAll @IntRange(min = 1, max = 40) int ticks) {
        World world = new World(genoaCalls, true);
        world.network.loss = 0.3;

        Replacement first = new Replacement(world.genoa, world.lisbon, 10, ticks);
        Replacement second = new Replacement(world.lisbon, world.genoa, 20, ticks);
        world.talk(200, List.of(first, second));
        first.assertDone();
        second.assertDone();

        world.network.loss = 0;
        int before = world.lisbon.party.delivered.size();
        world.talk(2, List.of());
        assertThat(world.lisbon.party.delivered).hasSizeGreaterThanOrEqualTo(before + 20);
    }

    @Test
    void staysWithOneSessionWhileTheNewsIsUnderWay() {
        World world = new World(true, true);
        PrivateKey next = PrivateKey.generate(new Random(7));
        PrivateKey current = world.genoa.current;
        world.genoa.party.device.identify(StaticKeys.introducing(current, next));
        world.lisbon.learns(world.genoa, List.of(current.publicKey(), next.publicKey()));
        world.talk(2, List.of());
        int before = world.initiations();

        world.talk(300, List.of());

        // Two because of age, perhaps three; a session that is not spoken on must not be renewed for its silence.
        assertThat(world.initiations() - before).isBetween(2, 3);
    }

    @Test
    void doesNotAnswerForARetiredKey() {
        World world = new World(true, true);
        PublicKey old = world.genoa.current.publicKey();
        world.talk(20, List.of(new Replacement(world.genoa, world.lisbon, 0, 5)));

        Party late = new Party(world.network, "late", 9, PrivateKey.generate(new Random(9)));
        world.genoa.party.device.put(new PeerSettings("late", late.publicKey(), SECRET, List.of(), 0));
        late.device.put(new PeerSettings("genoa", old, SECRET, List.of(world.genoa.party.endpoint), 0));
        world.network.run(1);

        assertThat(late.established).isZero();
        assertThat(world.genoa.party.dropped(HandshakeDrop.WRONG_MAC1)).isPositive();
    }

    /** Two gateways that are connected, and talk ten times a second. */
    private static final class World {
        private final Network network = new Network(1);
        private final Side genoa;
        private final Side lisbon;
        private int said;

        World(boolean genoaCalls, boolean lisbonCalls) {
            genoa = new Side(network, "genoa", 1, genoaCalls);
            lisbon = new Side(network, "3rd-lisbon", 2, lisbonCalls);
            genoa.learns(lisbon, List.of(lisbon.current.publicKey()));
            lisbon.learns(genoa, List.of(genoa.current.publicKey()));
            network.run(1);
        }

        void talk(int seconds, List<Replacement> replacements) {
            network.runNanos(TimeUnit.SECONDS.toNanos(seconds), () -> {
                genoa.lane.settle(network.now());
                lisbon.lane.settle(network.now());
                genoa.party.say(genoa.lane, Integer.toString(said));
                lisbon.party.say(lisbon.lane, Integer.toString(said));
                said++;
                replacements.forEach(Replacement::tick);
            });
            network.run(1);
        }

        int initiations() {
            return genoa.party.initiationsSent + lisbon.party.initiationsSent;
        }
    }

    /** One gateway with the other as its only peer. */
    private static final class Side {
        private final Network network;
        private final Random random;
        private final Party party;
        private final PeerLane lane = new PeerLane("the other", 1);
        private final boolean calls;
        private PrivateKey current;

        Side(Network network, String name, int host, boolean calls) {
            this.network = network;
            this.calls = calls;
            random = new Random(host + 100L);
            current = PrivateKey.generate(random);
            party = new Party(network, name, host, current);
        }

        /** What the configuration does when the other's keys change. */
        void learns(Side other, List<PublicKey> keys) {
            List<UdpEndpoint> endpoints = calls ? List.of(other.party.endpoint) : List.of();
            List<PeerSession> sessions = keys.stream()
                    .map(key -> party.device.put(new PeerSettings(other.party.name, key, SECRET, endpoints, 0)))
                    .toList();
            lane.sessions(sessions);
            party.device.peers().stream()
                    .filter(known -> !sessions.contains(known))
                    .forEach(gone -> party.device.remove(gone.settings().publicKey()));
        }

        Optional<PublicKey> keyInUse() {
            return Optional.ofNullable(lane.sending(network.now())).map(TransportSession::ownKey);
        }
    }

    /** The replacement of one side's key, step by step; every piece of news is under way for some ticks. */
    private static final class Replacement {
        private final Side side;
        private final Side peer;
        private final PrivateKey last;
        private final PrivateKey next;
        private final int delay;
        private int step;
        private int wait;

        Replacement(Side side, Side peer, int start, int delay) {
            this.side = side;
            this.peer = peer;
            this.last = side.current;
            this.next = PrivateKey.generate(side.random);
            this.wait = start;
            this.delay = delay;
        }

        void tick() {
            if (wait-- > 0) {
                return;
            }
            boolean done = switch (step) {
                case 0 -> identify(StaticKeys.introducing(last, next));
                case 1 -> announce(List.of(last.publicKey(), next.publicKey()));
                case 2 -> identify(StaticKeys.retiring(next, last));
                case 3 ->
                    side.keyInUse().filter(next.publicKey()::equals).isPresent() && identify(StaticKeys.only(next));
                case 4 -> announce(List.of(next.publicKey()));
                default -> false;
            };
            step += done ? 1 : 0;
            wait = done ? delay : 0;
        }

        private boolean identify(StaticKeys keys) {
            side.party.device.identify(keys);
            side.current = keys.initiating();
            if (keys.all().size() == 1) {
                last.close();
            }
            return true;
        }

        private boolean announce(List<PublicKey> keys) {
            peer.learns(side, keys);
            return true;
        }

        void assertDone() {
            assertThat(step).isEqualTo(5);
            assertThat(side.keyInUse()).contains(next.publicKey());
            assertThat(peer.lane.sessions()).hasSize(1);
        }
    }
}
