// SPDX-License-Identifier: Apache-2.0
package dev.hawser.controller.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.api.networking.AdvertisementSpec;
import dev.hawser.api.networking.ExposureAdvertisement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AdvertisementPaceTest {
    private static final int PEERS = 10;
    private static final Duration WAIT = Duration.ofMillis(200).multipliedBy(PEERS);

    private final AdvertisementPace pace = new AdvertisementPace();

    @Test
    void tellsOfOneChangeAtOnceAndLetsThoseBehindItWait() {
        assertThat(admits("10.70.0.2", "10.70.0.3", Duration.ZERO)).isTrue();
        assertThat(admits("10.70.0.3", "10.70.0.4", WAIT.minusNanos(1))).isFalse();
        assertThat(admits("10.70.0.3", "10.70.0.4", WAIT)).isTrue();
    }

    @Test
    void lengthensNoWaitByAsking() {
        admits("10.70.0.2", "10.70.0.3", Duration.ZERO);
        admits("10.70.0.3", "10.70.0.4", WAIT.minusNanos(1));

        assertThat(admits("10.70.0.3", "10.70.0.4", WAIT)).isTrue();
    }

    @Test
    void neverHoldsBackAnythingButExposures() {
        admits("10.70.0.2", "10.70.0.3", Duration.ZERO);

        assertThat(pace.admits("lisbon", Optional.of(spec("key-1", "10.70.0.3")), spec("key-2", "10.70.0.3"), PEERS, 1))
                .isTrue();
        assertThat(pace.admits("lisbon", Optional.empty(), spec("key-2", "10.70.0.3"), PEERS, 2))
                .isTrue();
    }

    private boolean admits(String stands, String wanted, Duration at) {
        return pace.admits("lisbon", Optional.of(spec("key-1", stands)), spec("key-1", wanted), PEERS, at.toNanos());
    }

    private static AdvertisementSpec spec(String key, String exposed) {
        return new AdvertisementSpec(
                "genoa",
                List.of(key),
                List.of(),
                List.of("10.200.0.0/16"),
                List.of("10.70.0.0/16"),
                null,
                List.of(new ExposureAdvertisement("default", "web", exposed, List.of(exposed), List.of())),
                null,
                null,
                "0.1.0");
    }
}
