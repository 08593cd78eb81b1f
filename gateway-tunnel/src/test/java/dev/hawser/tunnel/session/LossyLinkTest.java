// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.tunnel.crypto.PresharedKey;
import dev.hawser.tunnel.crypto.PrivateKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two gateways on links of every badness, in virtual time. Every run follows from its seed, which stands in the message of a
 * failure.
 */
class LossyLinkTest {
    private static final int FEW = 40;
    private static final int MANY = 5_000;
    private static final long MINUTES = TimeUnit.MINUTES.toNanos(8);

    @Test
    void survivesAnyLinkAndIsWellAfterwards() {
        for (int seed = 1; seed <= FEW; seed++) {
            new Run(seed).survive();
        }
    }

    @Test
    void losesNothingOnALinkThatOnlyReordersAndRepeats() {
        for (int seed = 1; seed <= FEW; seed++) {
            new Run(seed).loseNothing();
        }
    }

    @Test
    @Tag("long")
    void doesSoForThousandsOfSeeds() {
        for (int seed = FEW + 1; seed <= MANY; seed++) {
            new Run(seed).survive();
            new Run(seed).loseNothing();
        }
    }

    private static final class Run {
        private final long seed;
        private final Random random;
        private final Network network;
        private final Party genoa;
        private final Party lisbon;
        private final List<String> fromGenoa = new ArrayList<>();
        private final List<String> fromLisbon = new ArrayList<>();
        private int ticks;

        Run(long seed) {
            this.seed = seed;
            this.random = new Random(seed);
            this.network = new Network(seed);
            this.genoa = new Party(network, "genoa", 1, PrivateKey.generate(new Random(11)));
            this.lisbon = new Party(network, "3rd-lisbon", 2, PrivateKey.generate(new Random(12)));
            network.recording = false;
        }

        /** Loss, repeats, reordering and whole outages; then a good link again. */
        void survive() {
            meet();
            network.loss = random.nextDouble(0.5);
            network.repeats = random.nextDouble(0.5);
            network.spread = 1 + random.nextLong(TimeUnit.MILLISECONDS.toNanos(900));
            long outage = TimeUnit.SECONDS.toNanos(random.nextInt(1, 300));
            network.runNanos(random.nextLong(MINUTES), this::talk);
            double usual = network.loss;
            network.loss = 1;
            network.runNanos(outage, this::talk);
            network.loss = usual;
            network.runNanos(random.nextLong(MINUTES), this::talk);

            network.loss = 0;
            network.runNanos(TimeUnit.SECONDS.toNanos(20), this::talk);
            network.run(2);
            checkOnceOnly();
            forget();
            network.runNanos(TimeUnit.MINUTES.toNanos(4), this::talk);
            network.run(2);
            checkAll();
        }

        void loseNothing() {
            meet();
            network.run(2);
            network.repeats = random.nextDouble(0.5);
            network.spread = 1 + random.nextLong(TimeUnit.MILLISECONDS.toNanos(400));
            network.runNanos(MINUTES, this::talk);
            network.run(2);
            checkAll();
            assertThat(genoa.established + lisbon.established)
                    .as("sessions; seed %d", seed)
                    .isGreaterThanOrEqualTo(8);
        }

        /** One side calls, or the other, or both; one may have to be called. */
        private void meet() {
            int who = random.nextInt(3);
            PresharedKey secret = PresharedKey.generate(random);
            if (who == 0) {
                lisbon.knows(genoa, secret, 0);
            } else {
                lisbon.knows(genoa, secret, random.nextInt(30), genoa.endpoint);
            }
            if (who == 1) {
                genoa.knows(lisbon, secret, 0);
            } else {
                genoa.knows(lisbon, secret, random.nextInt(30), lisbon.endpoint);
            }
        }

        private void talk() {
            ticks++;
            if (ticks % 4 == 0 && genoa.say(lisbon, Integer.toString(ticks))) {
                fromGenoa.add(Integer.toString(ticks));
            }
            if (ticks % 5 == 0 && lisbon.say(genoa, Integer.toString(ticks))) {
                fromLisbon.add(Integer.toString(ticks));
            }
        }

        private void forget() {
            fromGenoa.clear();
            fromLisbon.clear();
            genoa.delivered.clear();
            lisbon.delivered.clear();
        }

        private void checkOnceOnly() {
            assertThat(lisbon.heard())
                    .as("heard by lisbon; seed %d", seed)
                    .doesNotHaveDuplicates()
                    .isSubsetOf(fromGenoa);
            assertThat(genoa.heard())
                    .as("heard by genoa; seed %d", seed)
                    .doesNotHaveDuplicates()
                    .isSubsetOf(fromLisbon);
        }

        private void checkAll() {
            assertThat(lisbon.heard())
                    .as("heard by lisbon; seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(fromGenoa)
                    .isNotEmpty();
            assertThat(genoa.heard())
                    .as("heard by genoa; seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(fromLisbon)
                    .isNotEmpty();
        }
    }
}
