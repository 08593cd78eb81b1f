// SPDX-License-Identifier: Apache-2.0
package dev.hawser.lab.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.hawser.lab.LabException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommandTest {
    @Test
    void keepsItsSurroundingsBehindAPrefix() {
        Command command = Command.of("/usr/bin/tool", "a b")
                .with("ONE", "1")
                .with(Map.of("TWO", "2"))
                .in(Path.of("/tmp"))
                .reading("input")
                .prefixedBy(List.of("nsenter", "--"));

        assertThat(command.arguments()).containsExactly("nsenter", "--", "/usr/bin/tool", "a b");
        assertThat(command.environment()).isEqualTo(Map.of("ONE", "1", "TWO", "2"));
        assertThat(command.directory()).isEqualTo(Path.of("/tmp"));
        assertThat(command.input()).isEqualTo("input");
        assertThat(command.log()).isNull();
    }

    @Test
    void refusesToBeEmpty() {
        assertThatThrownBy(() -> Command.of(List.of())).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void letsLaterFlagsOfAJavaProgramWin() {
        List<String> arguments = JavaProgram.of("example.Main", "argument")
                .flags("-Xmx96m")
                .command()
                .arguments();

        assertThat(arguments).containsSubsequence("-Xmx64m", "-Xmx96m", "-cp", "example.Main", "argument");
    }

    @Test
    void quotesTheEndOfALongOutput() {
        Output output = new Output("tool --flag", 3, "x".repeat(5_000) + "the reason", "");

        assertThatThrownBy(output::orThrow)
                .isInstanceOf(LabException.class)
                .hasMessageStartingWith("exit code 3 of `tool --flag`: …")
                .hasMessageEndingWith("the reason");
    }
}
