// SPDX-License-Identifier: Apache-2.0
package dev.hawser.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The whole frame in a JVM of its own: only there signals, exit status and standard error are real. */
@Timeout(30)
class LaunchTest {
    /** A process that does nothing but start and end. */
    static final class Idle {
        public static void main(String[] args) {
            Launch.run("idle", (settings, termination) -> {
                settings.required("HAWSER_IDLE", "be idle");
                termination.onStop("idleness", () -> {});
            });
        }
    }

    private static Process start(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Idle.class.getName()));
        builder.environment().putAll(environment);
        return builder.redirectErrorStream(true).start();
    }

    @Test
    void closesPartsOnSigterm() throws Exception {
        Process process = start(Map.of("HAWSER_IDLE", "yes"));
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
        String first = output.readLine();

        // Not Process.destroy(): that one closes our end of the output too.
        process.toHandle().destroy();

        List<String> rest = output.lines().toList();
        assertThat(first).contains("INFO", "idle", "started in");
        assertThat(rest).anyMatch(line -> line.contains("stopped idleness"));
        assertThat(process.waitFor()).isEqualTo(128 + 15);
    }

    @Test
    void endsWithStatusTwoAndOneSentenceOnBadSettings() throws Exception {
        Process process = start(Map.of());

        List<String> output =
                process.inputReader(StandardCharsets.UTF_8).lines().toList();

        assertThat(output.getFirst())
                .isEqualTo("hawser idle: HAWSER_IDLE is not set; it is needed to be idle, so set it.");
        assertThat(process.waitFor()).isEqualTo(2);
    }

    @Test
    void logsTheSameThroughTheProviderOfTheImage() throws Exception {
        Process process = start(Map.of(
                "HAWSER_IDLE",
                "yes",
                "JDK_JAVA_OPTIONS",
                "-Dslf4j.provider=" + LogProvider.class.getName() + " -Dslf4j.internal.verbosity=WARN"));
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);

        // The JVM's own note about the variable comes first.
        String second = output.lines().skip(1).findFirst().orElseThrow();

        assertThat(second).matches("\\S+Z INFO  \\[main] Launch: idle \\(unpackaged\\) started in \\d+ ms *");
        process.toHandle().destroy();
        process.waitFor();
    }

    @Test
    void writesJsonWhenAsked() throws Exception {
        Process process = start(Map.of("HAWSER_IDLE", "yes", "HAWSER_LOG_FORMAT", "json"));
        BufferedReader output = process.inputReader(StandardCharsets.UTF_8);

        String first = output.readLine();

        assertThat(first).startsWith("{\"timestamp\":").contains("\"level\":\"INFO\"", "idle (unpackaged) started in");
        process.toHandle().destroy();
        process.waitFor();
    }
}
