// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class CpuSnapshotTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void readsAProcessWhoseNameLooksLikeFields() {
        ProcessStat stat = ProcessStat.parse(
                "4711 (a) S 9 (b)) S 42 4711 4711 0 -1 4194304 98 0 0 0 150 50 700 25 20 0 1 0 1369693 3133440 363");

        assertThat(stat).isEqualTo(new ProcessStat(4711, 42, false, 2.0, 7.25));
    }

    @Test
    void tellsThreadsOfTheKernel() {
        assertThat(ProcessStat.parse("15 (ksoftirqd/0) S 2 0 0 0 -1 69238848 0 0 0 0 0 300 0 0 20 0 1 0 9 0 0")
                        .kernel())
                .isTrue();
    }

    @Test
    void readsThisProcess() {
        ProcessStat self = ProcessStat.of(ProcessHandle.current().pid());

        assertThat(self.ownSeconds()).isPositive();
        assertThat(self.kernel()).isFalse();
        assertThat(ProcessStat.residentMegabytes(self.pid())).isBetween(10.0, 10_000.0);
    }

    @Test
    void countsStealAsBusyAndNeitherIdleNorGuests() {
        // user nice system idle iowait irq softirq steal guest guest_nice
        assertThat(CpuSnapshot.busySeconds("cpu  100 200 300 99999 88888 10 20 70 555 666"))
                .isEqualTo(7.0);
    }

    @Test
    void ownsItsDescendantsAndTheKernelsThreads() {
        var processes = index(
                new ProcessStat(1, 0, false, 1000, 1000),
                new ProcessStat(2, 0, true, 1, 0),
                new ProcessStat(10, 1, false, 10, 5),
                new ProcessStat(11, 10, false, 20, 0),
                new ProcessStat(12, 11, false, 40, 2),
                new ProcessStat(99, 1, false, 500, 0));

        assertThat(CpuSnapshot.ownSeconds(processes, 10)).isEqualTo(1 + 15 + 20 + 42);
    }

    @Test
    void losesNothingWhenAChildEnds() {
        var before = index(new ProcessStat(10, 1, false, 10, 0), new ProcessStat(11, 10, false, 4, 0));
        var after = index(new ProcessStat(10, 1, false, 10, 5));

        assertThat(CpuSnapshot.ownSeconds(after, 10) - CpuSnapshot.ownSeconds(before, 10))
                .isEqualTo(1);
    }

    @Test
    void callsForeignWhatNeitherWeNorIdlenessUsed() {
        CpuSnapshot before = new CpuSnapshot(100, 40, 0);

        assertThat(before.foreignCoresUntil(new CpuSnapshot(108, 46, 4 * SECOND)))
                .isCloseTo(0.5, within(1e-9));
        assertThat(before.foreignCoresUntil(new CpuSnapshot(105.9, 46, 4 * SECOND)))
                .isZero();
    }

    private static Map<Long, ProcessStat> index(ProcessStat... processes) {
        return Stream.of(processes).collect(Collectors.toMap(ProcessStat::pid, Function.identity()));
    }
}
