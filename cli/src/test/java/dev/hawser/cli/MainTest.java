// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.cli.terminal.ExitCode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class MainTest {
    private final StringWriter errors = new StringWriter();
    private final CommandLine line = Main.commandLine().setErr(new PrintWriter(errors));

    @Test
    void tellsAMissingFileInOneSentenceWithAHint(@TempDir Path folder) {
        int code = line.execute("status", "--kubeconfig", folder.resolve("none").toString());

        assertThat(code).isEqualTo(ExitCode.USAGE.number());
        assertThat(errors.toString().lines())
                .containsExactly(
                        "hawser: kubeconfig " + folder.resolve("none") + " cannot be read",
                        "hint: name an existing file, or set KUBECONFIG.");
    }

    @Test
    void refusesUnknownCommandsAsUsage() {
        assertThat(line.execute("moor")).isEqualTo(ExitCode.USAGE.number());
    }

    @Test
    void knowsItsVersion() {
        assertThat(line.execute("version", "-o", "json")).isZero();
    }
}
