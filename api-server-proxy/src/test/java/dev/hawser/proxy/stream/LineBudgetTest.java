// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LineBudgetTest {
    private static final long SECOND = 1_000_000_000L;

    private final LineBudget budget = new LineBudget();

    @ParameterizedTest
    @ValueSource(longs = {0, -5 * SECOND, Long.MAX_VALUE - 10})
    void givesSoManyLinesASecondAndTellsHowManyItDidNotGive(long start) {
        long given = LongStream.range(0, 1000)
                .map(i -> budget.line(start + i))
                .filter(line -> line == 0)
                .count();
        assertThat(given).isEqualTo(LineBudget.PER_SECOND);
        assertThat(budget.line(start + SECOND - 1)).isEqualTo(LineBudget.NONE);

        assertThat(budget.line(start + SECOND)).isEqualTo(1000 - LineBudget.PER_SECOND + 1);
        assertThat(budget.line(start + SECOND)).isZero();
    }

    @Test
    void neverGivesMoreThanTwiceASecondsWorthInAnySecond() {
        long[] given = LongStream.range(0, 5000)
                .map(i -> i * SECOND / 1000)
                .filter(now -> budget.line(now) != LineBudget.NONE)
                .toArray();
        for (long from : given) {
            assertThat(LongStream.of(given).filter(at -> at >= from && at < from + SECOND))
                    .hasSizeLessThanOrEqualTo(2 * LineBudget.PER_SECOND);
        }
    }
}
