// SPDX-License-Identifier: Apache-2.0
package dev.hawser.proxy.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.ipam.address.IpAddress;
import dev.hawser.proxy.admission.Rules;
import dev.hawser.proxy.admission.Sources;
import dev.hawser.proxy.http.Authority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigTextTest {
    @Test
    void takesEveryDefaultFromAnEmptyFile() {
        assertThat(ConfigText.parse("")).isEqualTo(ProxyConfig.DEFAULT);
        assertThat(ConfigText.parse("{}")).isEqualTo(ProxyConfig.DEFAULT);
        assertThat(ConfigText.parse("sources:\nlimits:\n")).isEqualTo(ProxyConfig.DEFAULT);
        assertThat(ProxyConfig.DEFAULT.limits())
                .isEqualTo(new Limits(
                        new Rules(Sources.EVERYBODY, 4096, 4096, 4096, 100, 200, 256),
                        Duration.ofSeconds(10),
                        8192,
                        Duration.ofSeconds(5),
                        Duration.ZERO,
                        Duration.ofMinutes(5),
                        Duration.ZERO));
        assertThat(ProxyConfig.DEFAULT.drain()).isEqualTo(new Drain(Duration.ofSeconds(5), Duration.ofSeconds(20)));
    }

    @Test
    void readsEveryField() {
        ProxyConfig config = ConfigText.parse("""
                # a comment
                sources:
                  admitted: ["10.0.0.0/8", "fd00::/8"]
                  refused: ["10.200.0.0/16"]
                  peers: [{clusterID: 3rd-lisbon, cidrs: ["10.71.0.0/16"]}]
                targets: ["metrics.example:443", "10.9.9.9:6443", "[fd00::9]:443"]
                limits: {tunnels: 1, tunnelsPerSource: 2, tunnelsPerPeer: 3, connectsPerSecondPerSource: 4,
                         connectBurst: 5, pendingDials: 6, headTime: 7s, headBytes: 800, dialTime: 9ms, idle: 10m,
                         halfClosedIdle: 11h, lifetime: 12s}
                drain: {delay: 0s, grace: 13s}
                """);

        assertThat(config.sources().owner(IpAddress.parse("10.71.0.1"))).isEqualTo("3rd-lisbon");
        assertThat(config.sources().owner(IpAddress.parse("10.200.0.1"))).isNull();
        assertThat(config.sources().owner(IpAddress.parse("fd00::1"))).isEqualTo(Sources.OTHER);
        assertThat(config.targets().stream().map(Authority::toString))
                .containsExactly("metrics.example:443", "10.9.9.9:6443", "[fd00::9]:443");
        assertThat(config.limits())
                .isEqualTo(new Limits(
                        new Rules(Sources.EVERYBODY, 1, 2, 3, 4, 5, 6),
                        Duration.ofSeconds(7),
                        800,
                        Duration.ofMillis(9),
                        Duration.ofMinutes(10),
                        Duration.ofHours(11),
                        Duration.ofSeconds(12)));
        assertThat(config.drain()).isEqualTo(new Drain(Duration.ZERO, Duration.ofSeconds(13)));
        assertThat(config.rules(99).sources()).isSameAs(config.sources());
    }

    @Test
    void readsJsonAndCapsTunnelsAtTheirDescriptors() {
        ProxyConfig config = ConfigText.parse("{\"limits\": {\"tunnels\": 5000, \"connectsPerSecondPerSource\": 7}}");

        assertThat(config.rules(300)).isEqualTo(new Rules(Sources.EVERYBODY, 300, 5000, 5000, 7, 14, 256));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "limts: {}|the file has a field \"limts\", which nobody knows",
                "limits: {tunnel: 1}|limits has a field \"tunnel\", which nobody knows",
                "limits: {tunnels: 0}|limits.tunnels is \"0\", which is not a whole number from 1",
                "limits: {tunnels: many}|limits.tunnels is \"many\", which is not a whole number",
                "limits: {tunnels: 99999999999999}|limits.tunnels is \"99999999999999\"",
                "limits: {idle: 5}|limits.idle is \"5\", which is not a span of time",
                "limits: {headTime: 0s}|limits.headTime is \"0\", which is not a span of time longer than nothing",
                "limits: []|limits is \"[]\", which is not a mapping",
                "sources: {admitted: 10.0.0.0/8}|sources.admitted is \"10.0.0.0/8\", which is not a list",
                "sources: {admitted: [10.0.0.1/8]}|sources.admitted[0] is no range",
                "sources: {peers: [{cidrs: []}]}|sources.peers[0].clusterID is \"null\", which is not a DNS label",
                "'sources: {peers: [{clusterID: \"a b\"}]}'|sources.peers[0].clusterID is \"a b\"",
                "targets: [kubernetes.default]|targets[0] is \"kubernetes.default\", which is not of the form",
                "targets: [7]|targets[0] is \"7\", which is not a text",
                "drain: {delay: soon}|drain.delay is \"soon\"",
                "'drain: {delay: 1s, delay: 2s}'|the file is no YAML",
                "a: [|the file is no YAML",
                "nonsense|the file is \"nonsense\", which is not a mapping",
                "'a: &x [1]\nb: *x'|the file",
            })
    void saysWhatIsWrongAndWhere(String text, String message) {
        assertThatThrownBy(() -> ConfigText.parse(text))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void followsAFileThatIsReplacedAndKeepsItsHeadWhenThatIsWrong(@TempDir Path folder) throws IOException {
        Path real = Files.writeString(folder.resolve("first"), "drain: {delay: 1s}");
        Path link = Files.createSymbolicLink(folder.resolve("proxy.yaml"), real);
        ConfigFile file = new ConfigFile(link);

        assertThat(file.poll().orElseThrow().drain().delay()).isEqualTo(Duration.ofSeconds(1));
        assertThat(file.poll()).as("nothing has changed").isEmpty();
        Path wrong = Files.writeString(folder.resolve("second"), "drain: {delay: 2}");
        turn(link, wrong);
        assertThat(file.poll()).isEmpty();
        assertThat(file.valid()).isFalse();
        turn(link, real);
        assertThat(file.poll()).as("right again").isPresent();
        assertThat(file.valid()).isTrue();
        Files.delete(link);
        assertThat(file.poll()).isEmpty();
        assertThat(file.valid()).isFalse();
    }

    /** As the kubelet does: a second link, renamed over the first. */
    private static void turn(Path link, Path target) throws IOException {
        Path other = Files.createSymbolicLink(link.resolveSibling("new"), target);
        Files.move(other, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
