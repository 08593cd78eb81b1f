// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    /** The same rule, written for the reader: a set of everything seen. */
    private static final class Oracle {
        private final Set<Long> seen = new HashSet<>();
        private long greatest;

        boolean accept(long counter) {
            if (counter + ReplayWindow.SIZE <= greatest) {
                return false;
            }
            greatest = Math.max(greatest, counter);
            return seen.add(counter);
        }
    }

    @Property(tries = 300)
    void agreesWithASetOfEverythingSeen(@ForAll("walks") List<Long> steps) {
        ReplayWindow window = new ReplayWindow();
        Oracle oracle = new Oracle();
        long position = 0;

        for (long step : steps) {
            position = Math.max(0, position + step);
            assertThat(window.accept(position)).as("counter %d", position).isEqualTo(oracle.accept(position));
        }
    }

    @Provide
    Arbitrary<List<Long>> walks() {
        Arbitrary<Long> near = Arbitraries.longs().between(-70, 70);
        Arbitrary<Long> edge = Arbitraries.longs().between(-8200, -8000);
        Arbitrary<Long> far = Arbitraries.longs().between(-20_000, 20_000);
        return Arbitraries.frequencyOf(Tuple.of(6, near), Tuple.of(2, edge), Tuple.of(2, far))
                .list()
                .ofMinSize(1)
                .ofMaxSize(300);
    }

    @Test
    void acceptsTheOldestUsableAndNoOlder() {
        ReplayWindow window = new ReplayWindow();
        window.accept(100_000);

        assertThat(window.accept(100_000 - 8127)).isTrue();
        assertThat(window.accept(100_000 - 8127)).isFalse();
        assertThat(window.accept(100_000 - 8128)).isFalse();
    }

    @Test
    void forgetsNothingAcrossALeap() {
        ReplayWindow window = new ReplayWindow();
        window.accept(5);

        assertThat(window.accept(1L << 62)).isTrue();
        assertThat(window.accept(5)).isFalse();
        assertThat(window.accept((1L << 62) - 1)).isTrue();
    }

    @Test
    void rejectsCountersBeyondTheLimit() {
        ReplayWindow window = new ReplayWindow();

        assertThat(window.accept(ProtocolLimits.REJECT_AFTER_MESSAGES)).isFalse();
        assertThat(window.accept(-1)).isFalse();
        assertThat(window.accept(ProtocolLimits.REJECT_AFTER_MESSAGES - 1)).isTrue();
        assertThat(Long.toUnsignedString(ProtocolLimits.REJECT_AFTER_MESSAGES)).isEqualTo("18446744073709543423");
    }
}
