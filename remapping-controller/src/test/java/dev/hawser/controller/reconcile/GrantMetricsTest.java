// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class GrantMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final GrantMetrics metrics = new GrantMetrics(registry);

    @Test
    void countsTheWaitFromTheFirstLookOn() {
        metrics.asks("uid", 0);
        metrics.asks("uid", Duration.ofSeconds(2).toNanos());
        metrics.granted("uid", Duration.ofSeconds(3).toNanos());

        assertThat(waits().count()).isOne();
        assertThat(waits().totalTime(TimeUnit.SECONDS)).isEqualTo(3);
    }

    @Test
    void countsAGrantOnceAndNoneThatNobodyAskedFor() {
        metrics.granted("had it", 1);
        metrics.asks("uid", 0);
        metrics.granted("uid", 1);
        metrics.granted("uid", 2);

        assertThat(waits().count()).isOne();
    }

    private Timer waits() {
        return registry.get("hawser.ipam.grant").timer();
    }
}
