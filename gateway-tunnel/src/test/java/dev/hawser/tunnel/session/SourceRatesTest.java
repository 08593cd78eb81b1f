// SPDX-License-Identifier: Apache-2.0
package dev.hawser.tunnel.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.ipam.address.IpAddress;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SourceRatesTest {
    private static final IpAddress SOURCE = IpAddress.parse("203.0.113.7");

    private final SourceRates rates = new SourceRates();

    @Test
    void allowsFiveAtOnce() {
        assertThat(allowed(SOURCE, 100, 0)).isEqualTo(5);
    }

    @Test
    void allowsTwentyPerSecondInTheLongRun() {
        int allowed = 0;
        for (int millis = 0; millis < 10_000; millis += 5) {
            allowed += rates.allows(SOURCE, TimeUnit.MILLISECONDS.toNanos(millis)) ? 1 : 0;
        }

        assertThat(allowed).isBetween(200, 205);
    }

    @Test
    void savesUpNoMoreThanFive() {
        allowed(SOURCE, 5, 0);

        assertThat(allowed(SOURCE, 100, TimeUnit.HOURS.toNanos(1))).isEqualTo(5);
    }

    @Test
    void countsEachSourceForItself() {
        allowed(SOURCE, 5, 0);

        assertThat(rates.allows(IpAddress.parse("203.0.113.8"), 0)).isTrue();
    }

    @Test
    void takesAnIpv6NetworkForOneSource() {
        allowed(IpAddress.parse("2001:db8::1"), 5, 0);

        assertThat(rates.allows(IpAddress.parse("2001:db8::2"), 0)).isFalse();
        assertThat(rates.allows(IpAddress.parse("2001:db8:0:1::2"), 0)).isTrue();
    }

    @Test
    void forgetsWhoWasSilentLongest() {
        allowed(SOURCE, 5, 0);
        for (int i = 0; i < SourceRates.CAPACITY; i++) {
            rates.allows(IpAddress.parse("10.0.0.0").plus(i), 0);
        }

        assertThat(rates.size()).isEqualTo(SourceRates.CAPACITY);
        assertThat(rates.allows(SOURCE, 0)).isTrue();
    }

    private int allowed(IpAddress source, int messages, long now) {
        int allowed = 0;
        for (int i = 0; i < messages; i++) {
            allowed += rates.allows(source, now) ? 1 : 0;
        }
        return allowed;
    }
}
