// SPDX-License-Identifier: Apache-2.0
package dev.hawser.cli.demo.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.hawser.cli.demo.check.CheckReport.Result;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckReportTest {
    private static final Check CHECK = new Check(
            "udp[a->b]", "datagrams arrive", "pod-1 of a, calling b", "kubectl describe connection b", () -> "");

    @Test
    void namesTheCheckThatFailed() {
        CheckReport report = new CheckReport(List.of(
                new Result("ping[a->b]", true, "a pod answers", "pod-1 of a", "10.71.1.5 answers", "look", 0.5),
                Result.of(CHECK, false, "9000 of 10000 arrived\nand a second line", 5)));

        assertThat(report.passed()).isFalse();
        assertThat(report.table())
                .contains("FAILED   udp[a->b]    5.0       9000 of 10000 arrived")
                .endsWith("1 of 2 checks held");
    }

    @Test
    void tellsOfAFailureWhatWhereWhyAndTheNextStep() {
        assertThat(Result.of(CHECK, false, "9000 of 10000 arrived", 5).text())
                .containsSubsequence(
                        "what   datagrams arrive",
                        "where  pod-1 of a, calling b",
                        "why    9000 of 10000 arrived",
                        "next   kubectl describe connection b");
    }
}
