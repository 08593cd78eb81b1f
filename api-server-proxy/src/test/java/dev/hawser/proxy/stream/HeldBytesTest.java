// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class HeldBytesTest {
    private static final long MIB = 1 << 20;

    @Test
    void readsLessTheMoreIsHeld() {
        HeldBytes held = new HeldBytes(24 * MIB);
        assertThat(held.share()).isEqualTo(HeldBytes.MOST);

        held.hold(12 * MIB);
        assertThat(held.share()).isEqualTo(256 * 1024);
        held.hold(11 * MIB);
        assertThat(held.share()).isEqualTo(32 * 1024);
        held.hold(MIB);
        assertThat(held.share()).isEqualTo(HeldBytes.LEAST);
        held.letGo(24 * MIB);
        assertThat(held.share()).isEqualTo(HeldBytes.MOST);
    }

    @Test
    void saysWhenItIsTooMuch() {
        HeldBytes held = new HeldBytes(2 * MIB);

        assertThat(held.hold(3 * MIB)).isTrue();
        assertThat(held.hold(1)).isFalse();
        held.letGo(1);
        assertThat(held.hold(0)).isTrue();
    }

    /** Each holds one read of the size it was given, which is all a stalled HTTP/1.1 stream ever does; some get going again. */
    @Property(tries = 200)
    void neverHoldsMoreThanItsBudgetAndTheLeastOfEach(
            @ForAll @IntRange(min = 1, max = 64) int mebibytes, @ForAll @Size(min = 1, max = 3000) boolean[] stalls) {
        HeldBytes held = new HeldBytes(mebibytes * MIB);
        Deque<Integer> stalled = new ArrayDeque<>();
        for (boolean stall : stalls) {
            if (stall || stalled.isEmpty()) {
                int share = held.share();
                held.hold(share);
                stalled.push(share);
            } else {
                held.letGo(stalled.removeLast());
            }
            assertThat(held.share()).isBetween(HeldBytes.LEAST, HeldBytes.MOST);
            assertThat(held.sum()).isLessThanOrEqualTo(mebibytes * MIB + (long) stalled.size() * HeldBytes.LEAST);
        }
        assertThat(held.sum())
                .isEqualTo(stalled.stream().mapToLong(Integer::longValue).sum());
    }
}
