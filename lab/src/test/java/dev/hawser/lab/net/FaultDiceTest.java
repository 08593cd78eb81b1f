// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class FaultDiceTest {
    private static final long MILLI = 1_000_000;

    @Test
    void hitsTheSameFramesForTheSameSeed() {
        LinkFaults faults = LinkFaults.NONE.losing(0.3).duplicating(0.2);

        assertThat(fates(faults, 1)).isEqualTo(fates(faults, 1)).isNotEqualTo(fates(faults, 2));
        assertThat(fates(faults, 1).stream().filter(count -> count == 0).count())
                .isBetween(250L, 350L);
        assertThat(fates(faults, 1).stream().filter(count -> count == 2).count())
                .isBetween(100L, 180L);
    }

    @Test
    void swallowsOnlyPacketsThatAreTooLong() {
        LinkFaults faults = LinkFaults.NONE.swallowingAbove(1400);
        FaultDice dice = new FaultDice(1);

        assertThat(dice.roll(faults, udp(1400), 0)).hasSize(1);
        assertThat(dice.roll(faults, udp(1401), 0)).isEmpty();
        assertThat(dice.roll(faults, new byte[60], 0)).hasSize(1);
    }

    @Test
    void keepsTheOrderOfWhatIsOnlyDelayed() {
        LinkFaults faults = LinkFaults.NONE.delaying(Duration.ofMillis(10), Duration.ofMillis(5));
        FaultDice dice = new FaultDice(1);
        long last = 0;
        for (int i = 0; i < 100; i++) {
            long at = dice.roll(faults, udp(100), i * MILLI / 10).getFirst().at();

            assertThat(at).isGreaterThan(last).isBetween(i * MILLI / 10 + 10 * MILLI, i * MILLI / 10 + 16 * MILLI);
            last = at;
        }
    }

    @Test
    void turnsOneBitBehindTheUdpHeaderAndTakesTheChecksumOff() {
        byte[] frame = udp(200);
        byte[] bad = new FaultDice(1)
                .roll(LinkFaults.NONE.corrupting(1), frame, 0)
                .getFirst()
                .frame();

        int bits = 0;
        for (int i = 42; i < frame.length; i++) {
            bits += Integer.bitCount((frame[i] ^ bad[i]) & 0xff);
        }
        assertThat(bits).isEqualTo(1);
        assertThat(bad).startsWith(java.util.Arrays.copyOf(frame, 40));
        assertThat(bad[40] | bad[41]).isZero();
    }

    private static List<Integer> fates(LinkFaults faults, long seed) {
        FaultDice dice = new FaultDice(seed);
        List<Integer> fates = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            fates.add(dice.roll(faults, udp(100), i).size());
        }
        return fates;
    }

    private static byte[] udp(int length) {
        byte[] frame = new byte[14 + length];
        frame[12] = 8;
        frame[14] = 0x45;
        frame[16] = (byte) (length >> 8);
        frame[17] = (byte) length;
        frame[23] = 17;
        frame[40] = 1;
        frame[41] = 2;
        return frame;
    }
}
