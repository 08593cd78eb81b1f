// SPDX-License-Identifier: Apache-2.0
package dev.hawser.benchmarks.result;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.hawser.benchmarks.BenchmarkException;
import dev.hawser.benchmarks.machine.MachineFacts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultFolderTest {
    private static final Metric SPEED = new Metric("tcp1", "Gbit/s", "speed of one stream");
    private static final Figure FIGURE = new Figure("gateway", "tcp1", "hawser", 2.79, "Gbit/s", 1.92, 1.453, 5, false);
    private static final Figure DISTURBED =
            new Figure("gateway", "tcp1", "boringssl", 3, "Gbit/s", 1.92, 1.56, 5, true);
    private static final String PAGE = "# Title\n" + Page.BEGIN + "\nold\n" + Page.END + "\nmore\n";

    @TempDir
    private Path temporary;

    @Test
    void writesAListOfRowsWithTheAgreedNames() throws Exception {
        folder().keep(run(5, false), List.of(FIGURE, DISTURBED));

        JsonNode rows = new JsonMapper()
                .readTree(temporary.resolve("bench/results.json").toFile());
        assertThat(rows.isArray()).isTrue();
        assertThat(rows.get(0).fieldNames())
                .toIterable()
                .containsExactly("bench", "metric", "variant", "value", "unit", "baseline", "ratio", "rounds");
        assertThat(rows.get(0).get("ratio").asDouble()).isEqualTo(1.453);
        assertThat(rows.get(1).get("disturbed").asBoolean()).isTrue();
        assertThat(folder().figures("")).containsExactly(FIGURE, DISTURBED);
    }

    @Test
    void replacesTheRowsOfTheSameBenchOnly() {
        Figure other = new Figure("proxy", "bulk", "hawser", 1, "Gbit/s", 2.0, 0.5, 5, false);
        Figure newer = new Figure("gateway", "tcp1", "hawser", 3, "Gbit/s", 2.0, 1.5, 5, false);
        folder().keep(new Run("proxy", "", "", "squid", facts(), Map.of(), 5, false, List.of()), List.of(other));
        folder().keep(run(5, false), List.of(FIGURE));

        folder().keep(run(5, false), List.of(newer));

        assertThat(folder().figures("")).containsExactly(other, newer);
        assertThat(folder().figures("gateway")).containsExactly(newer);
    }

    @Test
    void readsBackHowTheFiguresCameAbout() {
        folder().keep(run(5, false), List.of(FIGURE));

        assertThat(folder().run("gateway")).isEqualTo(run(5, false));
        assertThatThrownBy(() -> folder().run("proxy"))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("make bench-proxy");
    }

    @Test
    void saysWhichFileIsNoResult() throws Exception {
        Files.createDirectories(temporary.resolve("bench"));
        Files.writeString(temporary.resolve("bench/results.json"), "{");

        assertThatThrownBy(() -> folder().figures("gateway"))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("results.json");
    }

    @Test
    void putsARunBetweenTheMarksOfAPage() {
        Page page = new Page(run(5, false), List.of(FIGURE), List.of(SPEED), List.of("gateway-throughput.svg"));

        String text = page.into(PAGE);

        assertThat(text)
                .startsWith("# Title\n" + Page.BEGIN + "\n")
                .endsWith(Page.END + "\nmore\n")
                .contains("| speed of one stream (`tcp1`) | Gbit/s | hawser | 2.79 | 1.92 | 1.453 |")
                .contains("measured 2026-01-02T03:04:00Z by `make bench-gateway`")
                .contains("| wireguard-go | v1 |")
                .contains("![throughput](gateway-throughput.svg)")
                .doesNotContain("old");
        assertThat(page.into(text)).isEqualTo(text);
    }

    @Test
    void marksFiguresThatOthersDisturbed() {
        Page page = new Page(
                run(5, true), List.of(FIGURE, FIGURE, DISTURBED), List.of(SPEED), List.of("gateway-throughput.svg"));

        assertThat(page.into(PAGE))
                .contains("| boringssl | 3 * |")
                .contains("\n\\* Others used the machine in most rounds of this figure")
                .containsOnlyOnce(" * |");
    }

    @Test
    void showsNoRunThatIsTooShortOrDisturbed() {
        assertThatThrownBy(() -> new Page(
                                run(4, false), List.of(FIGURE), List.of(SPEED), List.of("gateway-throughput.svg"))
                        .into(PAGE))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("4 rounds and")
                .hasMessageContaining("`make bench-gateway`");
        assertThatThrownBy(() -> new Page(
                                run(5, true), List.of(DISTURBED), List.of(SPEED), List.of("gateway-throughput.svg"))
                        .into(PAGE))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("disturbed");
        assertThatThrownBy(() -> new Page(
                                run(5, false), List.of(FIGURE), List.of(SPEED), List.of("gateway-throughput.svg"))
                        .into("# Title\n"))
                .isInstanceOf(BenchmarkException.class)
                .hasMessageContaining("no place");
    }

    private ResultFolder folder() {
        return new ResultFolder(temporary.resolve("bench"));
    }

    private static Run run(int rounds, boolean disturbed) {
        return new Run(
                "gateway",
                "2026-01-02T03:04:00Z",
                "make bench-gateway",
                "wireguard-go",
                facts(),
                Map.of("wireguard-go", "v1"),
                rounds,
                disturbed,
                List.of(new Sample("TCP1", "hawser", 1, 1, Map.of("tcp1", 2.79), 0.02, false)));
    }

    private static MachineFacts facts() {
        return new MachineFacts("some CPU", 2, "24.0 GiB", "6.18", "some system");
    }
}
