// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
    private enum Engine {
        OPENSSL,
        SUN_JCE
    }

    private static Settings with(String value) {
        return Settings.of(Map.of("HAWSER_X", value));
    }

    @Test
    void takesFallbackWhereUnsetOrBlank() {
        assertThat(Settings.of(Map.of()).text("HAWSER_X", "f")).isEqualTo("f");
        assertThat(with("  ").port("HAWSER_X", 7)).isEqualTo(7);
        assertThat(with("").list("HAWSER_X", List.of("a"))).containsExactly("a");
    }

    @Test
    void saysWhyARequiredOneIsNeeded() {
        assertThatThrownBy(() -> Settings.of(Map.of()).required("KUBERNETES_SERVICE_HOST", "dial the API server"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("KUBERNETES_SERVICE_HOST is not set; it is needed to dial the API server, so set it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "8118x", "99999999999"})
    void rejectsWhatIsNoPort(String value) {
        assertThatThrownBy(() -> with(value).port("HAWSER_X", 1))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("HAWSER_X is \"" + value + "\"")
                .hasMessageContaining("from 1 to 65535");
    }

    @ParameterizedTest
    @CsvSource({"500ms,500", "10s,10000", "2m,120000", "1h,3600000"})
    void readsDurations(String value, long millis) {
        assertThat(with(value).duration("HAWSER_X", Duration.ZERO)).isEqualTo(Duration.ofMillis(millis));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "s", "-1s", "1d", "1 s"})
    void rejectsWhatIsNoDuration(String value) {
        assertThatThrownBy(() -> with(value).duration("HAWSER_X", Duration.ZERO))
                .hasMessageContaining("500ms, 10s, 2m or 1h");
    }

    @Test
    void readsListsAndFlagsAndChoices() {
        assertThat(with("a, b,,c").list("HAWSER_X", List.of())).containsExactly("a", "b", "c");
        assertThat(with("false").flag("HAWSER_X", true)).isFalse();
        assertThat(with("sun-jce").choice("HAWSER_X", Engine.OPENSSL)).isEqualTo(Engine.SUN_JCE);
        assertThatThrownBy(() -> with("SunJCE").choice("HAWSER_X", Engine.OPENSSL))
                .hasMessageContaining("openssl, sun-jce");
        assertThatThrownBy(() -> with("yes").flag("HAWSER_X", true)).hasMessageContaining("true or false");
    }

    @Test
    void readsSocketAddresses() {
        assertThat(with("0.0.0.0:8118").address("HAWSER_X", "").getPort()).isEqualTo(8118);
        assertThat(with("[::1]:9102").address("HAWSER_X", "").getHostString()).isEqualTo("0:0:0:0:0:0:0:1");
        assertThat(Settings.of(Map.of()).address("HAWSER_X", "127.0.0.1:1").getHostString())
                .isEqualTo("127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"8118", ":8118", "localhost:8118", "1.2.3.4:70000", "::1:80", "1.2.3.4"})
    void rejectsWhatIsNoSocketAddress(String value) {
        assertThatThrownBy(() -> with(value).address("HAWSER_X", "")).isInstanceOf(SettingsException.class);
    }
}
